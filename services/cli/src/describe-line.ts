import { dirname, join } from 'node:path';
import { claimedFolder, hashFile } from '@passbook/chunker';
import { locateLine, type LinePlace } from '@passbook/csv';
import type { Database } from '@passbook/database';
import { findOutcome, type Feed, type FileFormat, type RowOutcome } from '@passbook/feeds';
import { readImport, readImportSummary } from '@passbook/imports';
import type { FileStory } from './describe-file.js';
import type { FoundFile } from './find-file.js';
import type { Folders } from './look-at-path.js';

/** All that is known of a line of a file. */
export interface LineStory {
  line: number;
  /** What the line is; null when the file itself is gone, or is no text. */
  place: LinePlace | null;
  /** The line on which its row begins: another one, when the row has several. */
  rowLine: number;
  outcome: RowOutcome | null;
  /** Its import's posted rows are deleted, or will be: later files replaced them. */
  isReplaced: boolean;
  /** The name of the format that the file is read by; null where it needs none. */
  format: string | null;
  /** The name of the file that a duplicate repeats a row of. */
  duplicateOfFile: string | null;
  /** The statement that has the posted row. */
  statement: string | null;
}

/** Looks a line up: in Postgres, and in the file as far as it is still there. */
export async function describeLine(
  database: Database,
  found: FoundFile,
  story: FileStory,
  line: number,
  { folders, feeds }: { folders: Folders; feeds: readonly Feed[] },
): Promise<LineStory> {
  const { drop } = found;
  const feed = feeds.find((one) => one.name === story.import?.feed);
  const nothing = {
    line,
    rowLine: line,
    outcome: null,
    isReplaced: false,
    format: null,
    duplicateOfFile: null,
    statement: null,
  };
  if (!drop || drop.refusal || !feed) return { ...nothing, place: null };
  const path = await findBytes(found, story, folders);
  const { decoding, format } = (await readImport(database, drop.importNo)).chunking;
  const layout = format as FileFormat | undefined;
  const place =
    path === null
      ? null
      : await locateLine(path, line, {
          decoding,
          delimiter: layout?.format.delimiter ?? ',',
          headerLine: layout?.headerLine ?? 1,
        });
  const rowLine = place && 'begins' in place ? place.begins : line;
  const outcome = await findOutcome(database, feed, drop.importNo, rowLine);
  const first = outcome?.duplicateOf ? await readImportSummary(database, outcome.duplicateOf.importId) : null;
  const folder = story.statements && dirname(story.statements.path);
  const statement =
    folder && outcome?.transaction ? join(folder, `account-${outcome.transaction.accountId}.html`) : null;
  return {
    line,
    place,
    rowLine,
    outcome,
    isReplaced: (await feed.versions?.keepsRows(database, drop.importNo)) === false,
    format: layout?.format.name ?? null,
    duplicateOfFile: first?.file ?? null,
    statement,
  };
}

/** A file that still has the bytes of the drop: what was asked for, where it went, or its private copy. */
async function findBytes(
  { sight, drop }: FoundFile,
  story: FileStory,
  folders: Folders,
): Promise<string | null> {
  if (!drop) return null;
  if (sight?.sha256 === drop.sha256) return sight.path;
  const claimed = claimedFolder({
    imports: folders.IMPORTS_DIR,
    processed: folders.PROCESSED_DIR,
    quarantine: folders.QUARANTINE_DIR,
  });
  for (const path of [story.drop?.movedTo?.path, join(claimed, drop.copyName), drop.path]) {
    const sha256 = path === undefined ? null : await hashFile(path).catch(() => null);
    if (path !== undefined && sha256 === drop.sha256) return path;
  }
  return null;
}
