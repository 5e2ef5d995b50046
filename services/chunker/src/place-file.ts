import { randomUUID } from 'node:crypto';
import { link, lstat, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { numberFileName } from '@passbook/imports';
import { namingFile, syncFolder } from '@passbook/runtime';
import { copyFile, hashFile } from './copy-file.js';

/*
 * Nothing of others is ever overwritten, and nothing is seen half-written: a file gets its final name by `link`, which
 * fails where a name is taken (`rename` would replace silently).
 */

/** Whether something has this name. */
export async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw err;
  }
}

/**
 * Gives `source` a second name at `target`, on the same file system or another.
 * @param staged where a copy may lie until the caller is done with the target; it tells a restart that the target is ours
 * @returns false when the name belongs to another file
 */
export async function placeFile(source: string, target: string, staged: string): Promise<boolean> {
  try {
    await link(source, target);
  } catch (err) {
    const code = (err as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return (await isSameFile(source, target)) || (await isSameFile(staged, target));
    if (code !== 'EXDEV') throw err;
    return placeOnOtherFileSystem(source, target, staged);
  }
  await syncFolder(dirname(target));
  return true;
}

async function placeOnOtherFileSystem(source: string, target: string, staged: string): Promise<boolean> {
  if (await isSameFile(staged, target)) return true;
  await rm(staged, { force: true });
  await copyFile(source, staged);
  try {
    await link(staged, target);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
    await rm(staged, { force: true });
    return false;
  }
  await syncFolder(dirname(target));
  return true;
}

/**
 * Writes a small or generated file under a name of its own. What an earlier try wrote with the same bytes is left as it is.
 * @param permissions as a mode; the umask is taken off
 * @returns the name it got: the wished one, or a numbered one where another file has that
 */
export async function writeFileOnce(
  path: string,
  pieces: AsyncIterable<string> | Iterable<string>,
  permissions = 0o666,
): Promise<string> {
  const folder = dirname(path);
  const temporary = join(folder, `.passbook-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', permissions);
    try {
      for await (const piece of pieces) await namingFile(path, () => file.writeFile(piece));
      await namingFile(path, () => file.sync());
    } finally {
      await file.close();
    }
    for (let n = 1; ; n++) {
      const target = join(folder, numberFileName(basename(path), n));
      if (await linkOnce(temporary, target)) return basename(target);
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

async function linkOnce(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
    return (await hashFile(source)) === (await hashFile(target));
  }
  await syncFolder(dirname(target));
  return true;
}

/** Whether two names are of one file. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [a, b].map((path) => lstat(path, { bigint: true }).catch(() => null)),
  );
  return Boolean(one && other && one.ino === other.ino && one.dev === other.dev);
}
