import type { Feed } from './feed.js';
import { makeTransactionsFeed } from './transactions/transactions-feed.js';

export type {
  ArrivedChunk,
  ChunkPiece,
  Column,
  Feed,
  LoadOutcome,
  MailFiles,
  PostedRow,
  PreparedChunk,
  Recognition,
  RowReader,
} from './feed.js';

/** All kinds of files that the product knows. A new one is a folder here and a line in this list. */
export function makeFeeds(secrets: { accountNumberKey: string | null }): readonly Feed[] {
  return [makeTransactionsFeed(secrets)];
}

export { fileCodes, rowCodes, type FileCode, type RowCode } from './codes.js';
export { guardCell } from './guard-cell.js';
export { openMendedFile, type MendedFile } from './mended-file.js';
export { isUuid } from './is-uuid.js';
export { ownColumns } from './own-columns.js';
export { countNamed, maskHeaderCell, normaliseHeaderCell } from './recognise-header.js';
export { readRows, takeRow, type RowCursor } from './read-rows.js';
export { decideFormat, type FormatDecision } from './formats/decide-format.js';
export type { FileFormat, Hold } from './formats/file-format.js';
export type { Format } from './formats/format.js';
export { readFormats } from './formats/read-formats.js';
export { INDEX_SCRIPT_SOURCE } from './transactions/statement-index-script.js';
export { testFormat, updateExpected } from './formats/test-format.js';
export { findOutcome, listOutcomes, readOutcomes, type RowOutcome } from './row-outcomes.js';
export type { Verification } from './transactions/verify-statement.js';
