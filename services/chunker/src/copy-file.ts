import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { namingFile, UserError } from '@passbook/runtime';

const READ_BYTES = 1024 * 1024;

/** The file is not the one any more that we began to read: it is not whole yet, or another process has taken it. */
export class FileChangedError extends UserError {
  constructor(path: string) {
    super(
      `${path} was changed or taken away while it was read. If another process imported it, it is in processed/.`,
    );
    this.name = 'FileChangedError';
  }
}

/**
 * What is asked of a file that was there when its import was asked for.
 * @throws FileChangedError when it is not there any more: another process was quicker
 */
export function beforeItGoes<T>(path: string, asked: Promise<T>): Promise<T> {
  return asked.catch((err: NodeJS.ErrnoException) => {
    throw err.code === 'ENOENT' ? new FileChangedError(path) : err;
  });
}

/** A file, whatever it is called. */
export interface FileIdentity {
  dev: bigint;
  ino: bigint;
}

/**
 * Copies a file to a new name, durably, and hands each piece to `see` on the way: the next one is read when it is done.
 * @returns its size in bytes, its hexadecimal SHA-256, and which file it was
 * @throws FileChangedError when it was not the same from the first byte to the last, or is not there; then there is no copy
 */
export async function copyFile(
  source: string,
  target: string,
  see: (bytes: Buffer) => void | Promise<void> = () => {},
): Promise<{ sizeBytes: bigint; sha256: string; source: FileIdentity }> {
  // A FIFO that has taken its place would wait for a writer.
  const from = await beforeItGoes(
    source,
    open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  );
  try {
    const before = await from.stat({ bigint: true });
    if (!before.isFile()) throw new FileChangedError(source);
    // Whoever may not read the file may not read the copy: it holds account numbers.
    const to = await open(target, 'wx', permissionBits(before.mode));
    try {
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      let sizeBytes = 0n;
      for (;;) {
        const { bytesRead } = await from.read(buffer, 0, READ_BYTES, null);
        if (bytesRead === 0) break;
        const bytes = buffer.subarray(0, bytesRead);
        hash.update(bytes);
        await see(bytes);
        await namingFile(target, () => to.writeFile(bytes));
        sizeBytes += BigInt(bytesRead);
      }
      const after = await from.stat({ bigint: true });
      if (before.mtimeNs !== after.mtimeNs || before.size !== after.size || after.size !== sizeBytes) {
        throw new FileChangedError(source);
      }
      await namingFile(target, () => to.sync());
      return { sizeBytes, sha256: hash.digest('hex'), source: { dev: before.dev, ino: before.ino } };
    } catch (err) {
      await rm(target, { force: true });
      throw err;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** The hexadecimal SHA-256 of a file. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    for await (const piece of file.createReadStream({ highWaterMark: READ_BYTES }))
      hash.update(piece as Buffer);
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Who may read and write a file, as a mode. */
export async function permissionsOf(path: string): Promise<number> {
  return permissionBits((await stat(path, { bigint: true })).mode);
}

function permissionBits(mode: bigint): number {
  return Number(mode & 0o777n);
}
