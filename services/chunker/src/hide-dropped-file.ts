import { link, lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fitFileName, numberFileName } from '@passbook/imports';
import { hashFile } from './copy-file.js';
import { isSameFile, isTaken } from './place-file.js';

/** The name of a dropped file from the moment it is out of the way until its drop is done. */
export function hiddenName(dropId: string): string {
  return `.passbook-${dropId}.dropped`;
}

/**
 * Takes a dropped file out of the way, if it still has the bytes that were imported; a file that was changed or replaced
 * meanwhile is a new one, and stays.
 *
 * 1. It is hashed. Another file by now is not touched: it may be on its way itself, and would be missed at its own end.
 * 2. It gets a dot name, derived from the drop.   Killed: a restart finds it there.
 * 3. It is hashed once more: it may have been replaced between the two. Then it is linked back under its name (or a
 *    numbered one, where that is taken) and unlinked.
 *
 * It keeps the dot name until the drop is done: whoever does this once more must not take a file that was dropped since.
 */
export async function hideDroppedFile(
  path: string,
  sha256: string,
  dropId: string,
): Promise<'hidden' | 'left' | 'put back' | 'gone'> {
  const hidden = join(dirname(path), hiddenName(dropId));
  if (!(await isTaken(hidden))) {
    const found = await lstat(path).catch(() => null);
    if (!found) return 'gone';
    try {
      if (!found.isFile() || (await hashFile(path)) !== sha256) return 'left';
      await rename(path, hidden);
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
      throw err;
    }
  }
  if ((await hashFile(hidden)) === sha256) return 'hidden';
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
