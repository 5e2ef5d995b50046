import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { namingFile } from '@passbook/runtime';
import { closeFile, createFile, renameFile, writeAll } from './numbered-file.js';

/** A file of an import's own report folder, being written. */
export interface ReportFile {
  write(bytes: Buffer): Promise<void>;
  /** The file is whole: it takes its name, and replaces what an earlier try wrote. */
  finish(): Promise<void>;
  /** The file is not wanted any more: nothing of it stays. */
  abandon(): Promise<void>;
}

/** Begins a file that nobody sees half-written. No fsync: a report can be rendered again. */
export async function beginReportFile(path: string): Promise<ReportFile> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  const file = await createFile(temporary);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    // Never twice: another file may have the number by then.
    isOpen = false;
    await closeFile(file);
  };
  return {
    write: (bytes) => namingFile(path, () => writeAll(file, bytes)),
    async finish() {
      await namingFile(path, close);
      await takeName(temporary, path);
    },
    async abandon() {
      await close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

/** Another reporter may have ended the import while we were frozen, and deleted what we had begun: then the file is there. */
async function takeName(temporary: string, path: string): Promise<void> {
  try {
    await renameFile(temporary, path);
  } catch (err) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT' || !isThere) throw err;
  }
}

/** Deletes what a killed reporter left half-written. Whoever still writes such a file begins it anew. */
export async function removeUnfinishedFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\.[0-9a-f-]{36}\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

export async function writeReportFile(path: string, bytes: Buffer): Promise<void> {
  const file = await beginReportFile(path);
  try {
    await file.write(bytes);
    await file.finish();
  } catch (err) {
    await file.abandon();
    throw err;
  }
}
