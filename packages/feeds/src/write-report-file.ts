import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { namingFile } from '@passbook/runtime';

/*
 * Files of an import's own report folder. One is written under a temporary name and then takes its own: nobody sees it
 * half-written, and it replaces what an earlier try wrote.
 *
 * Killed before it has its name: a temporary file stays, which the index of the import removes, or the next
 * `passbook reconcile`; the report is still due.
 * No fsync, for the same reason: a report can be rendered again.
 */

/**
 * Writes what is in memory. The calls are synchronous: with two small files for each statement, to have them made
 * elsewhere and to be told of it took longer than the calls. So whoever writes many lets others have their turn between.
 * @throws what the operating system says, with the path; nothing of the file stays then
 */
export function writeReportFile(path: string, content: string | Buffer): Promise<void> {
  return writeUnderName(path, (temporary) => writeFileSync(temporary, content, { flag: 'wx' }));
}

/** Writes what does not fit into memory. @throws as writeReportFile, and what the pieces throw */
export function streamReportFile(path: string, pieces: AsyncIterable<string | Buffer>): Promise<void> {
  return writeUnderName(path, (temporary) => writeFile(temporary, pieces, { flag: 'wx' }));
}

/** Deletes what a killed reporter left half-written. Whoever still writes such a file begins it anew. */
export async function removeUnfinishedFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\.[0-9a-f-]{36}\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

async function writeUnderName(
  path: string,
  write: (temporary: string) => void | Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await namingFile(path, () => write(temporary));
    await takeName(temporary, path);
  } catch (err) {
    await rm(temporary, { force: true });
    throw err;
  }
}

/** Another reporter may have ended the import while we were frozen, and deleted what we had begun: then the file is there. */
async function takeName(temporary: string, path: string): Promise<void> {
  try {
    renameSync(temporary, path);
  } catch (err) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT' || !isThere) throw err;
  }
}
