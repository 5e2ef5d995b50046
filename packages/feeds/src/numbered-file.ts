import { close, open, rename, write } from 'node:fs';

/*
 * What a statement needs of node:fs. Its promises give handles, which cost more than the rest of a small file does: with
 * two files for each statement that was a third of the reporter's time.
 */

/** Makes a file that must not be there. @returns its number */
export function createFile(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, 'wx', (err, file) => (err ? reject(err) : resolve(file)));
  });
}

/** The system may take less than it is given: at the end of the room on a disk, say. */
export async function writeAll(file: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await writeSome(file, bytes, at);
}

function writeSome(file: number, bytes: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(file, bytes, from, bytes.length - from, null, (err, written) =>
      err ? reject(err) : resolve(written),
    );
  });
}

export function closeFile(file: number): Promise<void> {
  return new Promise((resolve, reject) => close(file, (err) => (err ? reject(err) : resolve())));
}

export function renameFile(path: string, newPath: string): Promise<void> {
  return new Promise((resolve, reject) => rename(path, newPath, (err) => (err ? reject(err) : resolve())));
}
