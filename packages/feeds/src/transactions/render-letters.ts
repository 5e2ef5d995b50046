import type { Database } from '@passbook/database';
import type { DueReport } from '@passbook/imports';
import type { Letter } from '@passbook/mail';
import { gatherStatement } from './gather-statement.js';
import { makeLetterMaker } from './mail-letter.js';
import { readRowsOfAccount, readRowsOfAccounts } from './read-statement-rows.js';
import { batchReports, ROWS_PER_QUERY } from './report-batches.js';
import { addressOf, countTransactions, isStatement, type StatementReport } from './report-figures.js';
import type { StatementTransaction } from './statement-figures.js';

/** The mails of statements whose account has a usable address, in their order. */
export async function* renderTransactionLetters(
  database: Database,
  reports: readonly DueReport[],
  signal: AbortSignal,
): AsyncGenerator<{ accountId: bigint; letter: Letter }> {
  const statements = reports.filter(isStatement).filter((report) => addressOf(report) !== null);
  for (const batch of batchReports(statements)) {
    const isLong = countTransactions(batch[0]!) > ROWS_PER_QUERY;
    const letters = isLong
      ? [await renderLong(database, batch[0]!, signal)]
      : renderBatch(database, batch, signal);
    for await (const letter of letters) {
      signal.throwIfAborted();
      yield letter;
    }
  }
}

async function* renderBatch(
  database: Database,
  reports: readonly StatementReport[],
  signal: AbortSignal,
): AsyncGenerator<{ accountId: bigint; letter: Letter }> {
  const rowsOf = new Map<bigint, StatementTransaction[]>();
  const accountIds = reports.map(({ accountId }) => accountId);
  for await (const { accountId, rows } of readRowsOfAccounts(database, reports[0]!.importNo, accountIds))
    rowsOf.set(accountId, rows);
  for (const report of reports) {
    signal.throwIfAborted();
    const maker = takeRows(report);
    maker.add(rowsOf.get(report.accountId) ?? []);
    yield maker.end();
  }
}

/** One that does not fit into memory. */
function renderLong(
  database: Database,
  report: StatementReport,
  signal: AbortSignal,
): Promise<{ accountId: bigint; letter: Letter }> {
  return database.withTransaction(async (trx) => {
    const maker = takeRows(report);
    for await (const rows of readRowsOfAccount(trx, report.importNo, report.accountId)) {
      signal.throwIfAborted();
      maker.add(rows);
    }
    return maker.end();
  });
}

/** What the months come to is known with the last row, and only then is the letter written. */
function takeRows(report: StatementReport) {
  const gathering = gatherStatement(report);
  const maker = makeLetterMaker(report, addressOf(report)!);
  return {
    add(rows: readonly StatementTransaction[]): void {
      gathering.add(rows);
      maker.add(rows);
    },
    end: () => ({ accountId: report.accountId, letter: maker.letter(gathering.end()) }),
  };
}
