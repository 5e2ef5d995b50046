import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import {
  listStaleImports,
  nameReportFolder,
  readImportSummary,
  type ImportSummary,
  type Refusal,
} from '@passbook/imports';
import type { FoundFile } from './find-file.js';
import type { Folders } from './look-at-path.js';

/** A path where something should be, and whether it is. */
export interface Place {
  path: string;
  isThere: boolean;
}

/** All that is known of a file: what `passbook why` says in sentences, and prints as JSON. */
export interface FileStory extends Omit<FoundFile, 'drop'> {
  /** Null while nobody has taken the file. */
  drop: {
    file: string;
    path: string;
    droppedAt: string;
    /** Where it was dropped it stays. */
    stays: boolean;
    state: 'waiting' | 'moving' | 'done';
    /** It repeats bytes that were dropped before, and posted nothing. */
    isRepeat: boolean;
    refusal: Refusal | null;
    /** The file in processed/ or quarantine/, and its receipt or error file, once they have names. */
    movedTo: Place | null;
    report: Place | null;
  } | null;
  import: ImportSummary | null;
  /** Why the import does not come further. */
  waitsFor: string | null;
  /** The bad rows of the import, when there are any. */
  rows: Place | null;
  /** The index of its statements, when it has any; the report of a feed without statements. */
  statements: Place | null;
  /** Null while nobody has taken the file, or no feed knows it. */
  feed: Pick<Feed, 'name' | 'mode' | 'hasStatements'> | null;
}

/** @param database null where there is none yet */
export async function describeFile(
  database: Database | null,
  found: FoundFile,
  folders: Folders,
  feeds: readonly Feed[],
): Promise<FileStory> {
  const { drop, ...told } = found;
  const one = database && drop ? await readImportSummary(database, drop.importId) : null;
  if (!database || !drop || !one)
    return { ...told, drop: null, import: null, waitsFor: null, rows: null, statements: null, feed: null };
  const { path, droppedAt, stays, state, isRepeat, refusal, finalName } = drop;
  const target = refusal ? folders.QUARANTINE_DIR : folders.PROCESSED_DIR;
  const ending = refusal ? '.error.json' : '.receipt.json';
  const stale = await listStaleImports(database);
  const feed = feeds.find(({ name }) => name === one.feed);
  return {
    ...told,
    drop: {
      file: basename(path),
      path,
      droppedAt,
      stays,
      state,
      isRepeat,
      refusal,
      movedTo: finalName === null ? null : look(target, finalName),
      report: finalName === null ? null : look(target, finalName + ending),
    },
    import: one,
    waitsFor: stale.find((waiting) => waiting.no === one.no)?.reason ?? null,
    rows: one.rowsName === null ? null : look(folders.QUARANTINE_DIR, one.rowsName),
    statements:
      one.reports > (feed?.hasStatements === false ? 0 : 1)
        ? look(join(folders.REPORTS_DIR, nameReportFolder(one.file, one.importId)), 'index.html')
        : null,
    feed: feed ? { name: feed.name, mode: feed.mode, hasStatements: feed.hasStatements } : null,
  };
}

function look(folder: string, name: string): Place {
  const path = join(folder, name);
  return { path, isThere: existsSync(path) };
}
