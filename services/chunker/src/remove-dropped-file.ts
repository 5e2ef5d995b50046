import { link, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fitFileName, numberFileName } from '@passbook/imports';
import { hashFile } from './copy-file.js';
import { isSameFile, isTaken } from './place-file.js';

/**
 * Takes a dropped file out of imports/, if it still has the bytes that were imported; a file that was changed or replaced
 * meanwhile is put back as a new one.
 *
 * 1. It gets a dot name, derived from the drop.   Killed: a restart finds it there.
 * 2. It is hashed once more.
 * 3. It is deleted, or linked back under its name (or a numbered one, where that is taken) and then unlinked.
 */
export async function removeDroppedFile(
  path: string,
  sha256: string,
  dropId: string,
): Promise<'removed' | 'put back' | 'gone'> {
  const hidden = join(dirname(path), `.passbook-${dropId}.dropped`);
  if (!(await isTaken(hidden))) {
    try {
      await rename(path, hidden);
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
      throw err;
    }
  }
  if ((await hashFile(hidden)) === sha256) {
    await rm(hidden, { force: true });
    return 'removed';
  }
  for (let n = 1; ; n++) {
    const own = basename(path);
    const name = join(dirname(path), n === 1 ? own : numberFileName(fitFileName(own), n));
    try {
      await link(hidden, name);
      break;
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
      if (await isSameFile(hidden, name)) break;
    }
  }
  await rm(hidden);
  return 'put back';
}
