import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { namingFile } from '@passbook/runtime';

/** Text that is gathered before it goes to the disk. */
const BUFFERED_CHARS_MAX = 64 * 1024;

/** A file of an import's own report folder, being written. */
export interface ReportFile {
  write(text: string): Promise<void>;
  /** The file is whole: it takes its name, and replaces what an earlier try wrote. */
  finish(): Promise<void>;
  /** The file is not wanted any more: nothing of it stays. */
  abandon(): Promise<void>;
}

/** Begins a file that nobody sees half-written. No fsync: a report can be rendered again. */
export function beginReportFile(path: string): ReportFile {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  let handle: FileHandle | undefined;
  let buffered: string[] = [];
  let chars = 0;
  const flush = async (): Promise<void> => {
    const text = buffered.join('');
    buffered = [];
    chars = 0;
    handle ??= await open(temporary, 'wx');
    const file = handle;
    await namingFile(path, () => file.writeFile(text));
  };
  return {
    async write(text) {
      buffered.push(text);
      chars += text.length;
      if (chars > BUFFERED_CHARS_MAX) await flush();
    },
    async finish() {
      await flush();
      await handle!.close();
      await takeName(temporary, path);
    },
    async abandon() {
      await handle?.close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

/** Another reporter may have ended the import while we were frozen, and deleted what we had begun: then the file is there. */
async function takeName(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
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

export async function writeReportFile(path: string, text: string): Promise<void> {
  const file = beginReportFile(path);
  try {
    await file.write(text);
    await file.finish();
  } catch (err) {
    await file.abandon();
    throw err;
  }
}
