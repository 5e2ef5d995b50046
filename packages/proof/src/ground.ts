import { mkdir, mkdtemp, chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folders of a run; all of it lies below `path`. */
export interface Ground {
  path: string;
  /** Kept copies of all that is dropped. */
  kept: string;
  folders: { imports: string; processed: string; quarantine: string; reports: string };
  /** What the services are told of it. */
  environment: Readonly<Record<string, string>>;
}

/** Everybody who must know a number's hash has it: the services, and the one who judges. */
export const ACCOUNT_NUMBER_KEY = 'a key that only proofs have';

/** @param name part of the folder's name */
export async function layGround(name: string, windowRows: number): Promise<Ground> {
  const path = await mkdtemp(join(tmpdir(), `passbook-${name}-`));
  await chmod(path, 0o755);
  const at = (folder: string): string => join(path, folder);
  const folders = {
    imports: at('imports'),
    processed: at('processed'),
    quarantine: at('quarantine'),
    reports: at('reports'),
  };
  for (const folder of [...Object.values(folders), at('kept')]) await mkdir(folder);
  return {
    path,
    kept: at('kept'),
    folders,
    environment: {
      PASSBOOK_DIR: at('.passbook'),
      IMPORTS_DIR: folders.imports,
      PROCESSED_DIR: folders.processed,
      QUARANTINE_DIR: folders.quarantine,
      REPORTS_DIR: folders.reports,
      ACCOUNT_NUMBER_KEY,
      FILE_STABLE_MS: '200',
      WINDOW_ROWS: String(windowRows),
      HTTP_PORT: '0',
      LOG_LEVEL: 'debug',
    },
  };
}

/** Lines to be searched, as a file. */
export async function writeText(ground: Ground, name: string, pieces: readonly string[]): Promise<string> {
  const path = join(ground.path, name);
  await writeFile(path, pieces.join('\n'));
  return path;
}
