import { chmod, mkdir, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closers } from '@passbook/testing';

/** The folders of one installation; all of it lies below `path`. */
export interface Ground {
  path: string;
  imports: string;
  /** On the file system of imports/: files are written here and get there whole, by a rename. */
  outside: string;
  /** What the services are told of it: all other settings are the defaults of a user. */
  environment: Readonly<Record<string, string>>;
  /** Empties its files. They go with the servers. */
  clear(): Promise<void>;
}

/** One for all installations: a second import goes on in a copy of the first one's database. */
export const ACCOUNT_NUMBER_KEY = 'a key that only the bench has';

/**
 * Nothing of it is deleted before the run ends. ext4 gives the number of a deleted file to no other for minutes, and looks
 * at each such number whenever it makes a file: after thousands of statements that are deleted it takes thirty times as
 * long, and one scene would pay for the other.
 */
export async function layGround(closers: Closers): Promise<Ground> {
  const path = await mkdtemp(join(tmpdir(), 'passbook-bench-'));
  closers.add(() => rm(path, { recursive: true, force: true }));
  // The user that runs the embedded Postgres can enter it.
  await chmod(path, 0o755);
  const at = (folder: string): string => join(path, folder);
  for (const folder of ['imports', 'outside']) await mkdir(at(folder));
  return {
    path,
    imports: at('imports'),
    outside: at('outside'),
    environment: {
      PASSBOOK_DIR: at('.passbook'),
      IMPORTS_DIR: at('imports'),
      PROCESSED_DIR: at('processed'),
      QUARANTINE_DIR: at('quarantine'),
      REPORTS_DIR: at('reports'),
      ACCOUNT_NUMBER_KEY,
      // A port that is free: the default may be in use on this machine.
      HTTP_PORT: '0',
    },
    clear: () => emptyFiles(path),
  };
}

async function emptyFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await truncate(join(entry.parentPath, entry.name));
}
