import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folders of one installation; all of it lies below `path`. */
export interface Ground {
  path: string;
  imports: string;
  /** On the file system of imports/: files are written here and get there whole, by a rename. */
  outside: string;
  /** What the services are told of it: all other settings are the defaults of a user. */
  environment: Readonly<Record<string, string>>;
}

/** One for all installations: a second import goes on in a copy of the first one's database. */
export const ACCOUNT_NUMBER_KEY = 'a key that only the bench has';

export async function layGround(): Promise<Ground> {
  const path = await mkdtemp(join(tmpdir(), 'passbook-bench-'));
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
  };
}
