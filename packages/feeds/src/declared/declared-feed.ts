import { isUniqueViolation } from '@passbook/database';
import type { Feed } from '../feed.js';
import type { Reconciliation } from '../reconciliation/reconciliation-definition.js';
import { readChunkRows } from './chunk-rows.js';
import { reconcileNow } from '../reconciliation/reconcile-now.js';
import { isReconciliation, renderReconciliations } from '../reconciliation/render-reconciliation.js';
import { feedsTogether, makeCompletion } from './complete-load.js';
import { makeDeclaredRowReader, type RowSchema } from './declared-row-reader.js';
import type { FeedDefinition } from './definition.js';
import { keyOf } from './feed-table.js';
import { makeFeedVersions } from './feed-versions.js';
import { judgeLoad } from './judge-load.js';
import { loadDeclaredChunks, type DeclaredChunk } from './load-declared-chunks.js';
import { nameVersion } from './name-version.js';
import { findPostedLine, listPostedLines, readPostedLines } from './posted-lines.js';
import { recogniseDeclared } from './recognise-declared.js';
import { renderDeclaredReports } from './render-declared-report.js';
import { takeRows } from './take-rows.js';

/**
 * A kind of file that a definition says everything about: its rows go into a table of its own.
 * @param reconciliation that it is a side of: then that is its report
 */
export function makeDeclaredFeed(
  definition: FeedDefinition,
  reconciliation: Reconciliation | null = null,
): Feed {
  const { name, columns, key, keepsPayload, mode, guards } = definition;
  const schema: RowSchema = { columns, key, keepsPayload };
  const known = columns.map((column) => column.name);
  const isGuarded = Object.values(guards).some((guard) => guard !== undefined);
  return {
    name,
    columns,
    mode,
    hasStatements: false,
    rowSchema: schema,
    recognise: (header, fileName) => recogniseDeclared(definition, header, fileName),
    makeRowReader: (header, chunking, options) =>
      makeDeclaredRowReader(
        header,
        chunking,
        (chunking.rowSchema as RowSchema | undefined) ?? schema,
        options,
      ),
    ...(mode === 'replace' && {
      nameImport: (database, file) => nameVersion(database, name, file),
      versions: makeFeedVersions(definition),
    }),
    ...(mode === 'append' && {
      takeRows: (database, rows, options) =>
        takeRows(database, { definition, feeds: feedsTogether(definition, reconciliation) }, rows, options),
    }),
    ...(reconciliation?.customer.feed === name && {
      reconcile: (database, options) => reconcileNow(database, reconciliation, options),
    }),
    ...(isGuarded && { judge: (database, file) => judgeLoad(database, definition, file) }),
    prepare: (_, chunks) =>
      Promise.resolve(chunks.map((chunk) => ({ ...chunk, content: readChunkRows(chunk, known) }))),
    load: (trx, chunks, way) => loadDeclaredChunks(trx, definition, chunks as readonly DeclaredChunk[], way),
    wantsStaging: (err) => isUniqueViolation(err, keyOf(name)),
    printPayload: (payload) => payload.toString(),
    reportsDue: makeCompletion(definition, reconciliation),
    countPosted: () =>
      Promise.resolve({ accounts: 0, accountsWithoutAddress: 0, amountPosted: null, currency: null }),
    listPosted: (database, importNo, page) => listPostedLines(database, name, importNo, page),
    findPosted: (database, importNo, line) => findPostedLine(database, name, importNo, line),
    readPosted: (connection, importNo) => readPostedLines(connection, name, importNo),
    // As it was made due: a definition that is edited changes no report that is due.
    render: (database, reports, folder, _, signal) =>
      reports.every(isReconciliation)
        ? renderReconciliations(database, reports, { folder, signal })
        : renderDeclaredReports(reports, folder),
    // No report of such a feed is anybody's statement.
    addressOf: () => null,
    verify: () => Promise.resolve(null),
  };
}
