import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@passbook/database';
import { listCopies } from '@passbook/imports';
import { stagedName } from './finish-drop.js';
import { claimedFolder, type Folders } from './folders.js';

/** A copy that no drop names may still be in the making: it is left alone for so long. */
const ORPHAN_AGE_MS = 60 * 60 * 1000;

/** Deletes private copies and staged files that a killed process left behind. */
export async function cleanClaimed(database: Database, folders: Folders): Promise<void> {
  const claimed = claimedFolder(folders);
  const oldest = Date.now() - ORPHAN_AGE_MS;
  const present = (await readdir(claimed)).map((name) => ({ name, path: join(claimed, name) }));
  const staged = await Promise.all(
    [folders.processed, folders.quarantine].map(async (folder) =>
      (await readdir(folder))
        .filter((name) => /^\.passbook-.*\.(staged|tmp)$/.test(name))
        .map((name) => ({ name, path: join(folder, name) })),
    ),
  );
  const needed = await listCopies(database);
  const neededNames = new Set([...needed].flatMap((copyName) => [copyName, stagedName(copyName)]));
  for (const { name, path } of [...present, ...staged.flat()]) {
    if (neededNames.has(name)) continue;
    const found = await lstat(path).catch(() => null);
    if (found && found.ctimeMs < oldest) await rm(path, { force: true });
  }
}
