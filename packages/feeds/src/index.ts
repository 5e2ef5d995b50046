import type { Migration } from '@passbook/database';
import { ledgerMigrations } from '@passbook/ledger';
import { makeDeclaredFeed } from './declared/declared-feed.js';
import type { FeedDefinition } from './declared/definition.js';
import { declaredMigrations } from './declared/migrations.js';
import type { Feed } from './feed.js';
import { findReconciliation } from './reconciliation/reconciliation-definition.js';
import { makeTransactionsFeed } from './transactions/transactions-feed.js';

export type {
  ArrivedChunk,
  ChunkPiece,
  Column,
  Feed,
  FeedVersions,
  LoadOutcome,
  MailFiles,
  PostedRow,
  PreparedChunk,
  Recognition,
  Reconciled,
  RowReader,
  TakenRows,
  VersionSummary,
} from './feed.js';

/**
 * All kinds of files that the product knows: those that are written here, and those that a definition declares. A new one is
 * a file in feed-definitions/; or, if that does not say enough, a folder here and a line in this list.
 */
export function makeFeeds({
  accountNumberKey,
  definitions = [],
}: {
  accountNumberKey: string | null;
  definitions?: readonly FeedDefinition[];
}): readonly Feed[] {
  return [
    makeTransactionsFeed({ accountNumberKey }),
    ...definitions.map((one) => makeDeclaredFeed(one, findReconciliation(definitions, one.name))),
  ];
}

/** The tables of all feeds, but those that belong to one definition: `prepareDeclaredTables` makes them. */
export const feedMigrations: readonly Migration[] = [...ledgerMigrations, ...declaredMigrations];

export type { FeedDefinition } from './declared/definition.js';
export { prepareDeclaredTables } from './declared/prepare-tables.js';
export { readDefinitions } from './declared/read-definitions.js';
export { fileCodes, holdsByGuard, rowCodes, type FileCode, type RowCode } from './codes.js';
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
