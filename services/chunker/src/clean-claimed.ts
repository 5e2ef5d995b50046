import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@passbook/database';
import { listCopies } from '@passbook/imports';
import { stagedName } from './finish-drop.js';
import { claimedFolder, type Folders } from './folders.js';
import { hiddenName } from './hide-dropped-file.js';

/** A copy that no drop names may still be in the making: it is left alone until it has not changed for so long. */
const ORPHAN_AGE_MS = 60 * 60 * 1000;

/**
 * Deletes private copies, hidden and staged files that a killed process left behind. How long one has lain still is measured from
 * the look that saw it first: the times of files and the clock on the wall may be of two machines, or be set.
 * @param nowMs a clock that only goes forward
 */
export function makeCleaner(
  database: Database,
  folders: Folders,
  nowMs: () => number = () => performance.now(),
): () => Promise<void> {
  let seen = new Map<string, { signature: string; sinceMs: number }>();
  return async () => {
    const present = await listPresent(folders);
    const needed = await listCopies(database);
    const neededNames = new Set(
      [...needed].flatMap((copyName) => [copyName, stagedName(copyName), hiddenName(copyName)]),
    );
    const orphans: typeof seen = new Map();
    for (const { name, path } of present) {
      const found = neededNames.has(name) ? null : await lstat(path, { bigint: true }).catch(() => null);
      if (!found) continue;
      const signature = `${found.ino} ${found.size} ${found.ctimeNs}`;
      const before = seen.get(path);
      const sinceMs = before?.signature === signature ? before.sinceMs : nowMs();
      if (nowMs() - sinceMs > ORPHAN_AGE_MS) await rm(path, { force: true });
      else orphans.set(path, { signature, sinceMs });
    }
    seen = orphans;
  };
}

/** All that has a name of ours, in imports/ and where files are moved to. */
async function listPresent(folders: Folders): Promise<{ name: string; path: string }[]> {
  const claimed = claimedFolder(folders);
  const present = (await readdir(claimed)).map((name) => ({ name, path: join(claimed, name) }));
  for (const folder of [folders.imports, folders.processed, folders.quarantine]) {
    for (const name of await readdir(folder)) {
      if (/^\.passbook-.*\.(staged|tmp|dropped)$/.test(name))
        present.push({ name, path: join(folder, name) });
    }
  }
  return present;
}
