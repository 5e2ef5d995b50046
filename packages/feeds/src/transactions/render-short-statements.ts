import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Database } from '@passbook/database';
import { writeReportFile } from '../write-report-file.js';
import { readRowsOfAccounts, type AccountRows } from './read-statement-rows.js';
import { countTransactions, figuresOf, type StatementReport } from './report-figures.js';
import { statementCalendar } from './statement-calendar.js';
import { STATEMENT_TRANSACTIONS_MAX } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { makeStatementJson } from './statement-json.js';
import { makeMonthSums } from './statement-months.js';

/** Rows of one query, some 2 MB: many statements in one, and the first of them are rendered soon. */
const ROWS_PER_QUERY = 20_000;

/** Renders statements of one import, each of which fits into memory: many are read at once. */
export async function renderShortStatements(
  database: Database,
  reports: readonly StatementReport[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  for (const batch of batchesOf(reports)) await renderBatch(database, batch, folder, signal);
}

function* batchesOf(reports: readonly StatementReport[]): Generator<StatementReport[]> {
  let batch: StatementReport[] = [];
  let rows = 0;
  for (const report of reports) {
    if (rows + countTransactions(report) > ROWS_PER_QUERY) {
      yield batch;
      batch = [];
      rows = 0;
    }
    batch.push(report);
    rows += countTransactions(report);
  }
  if (batch.length > 0) yield batch;
}

async function renderBatch(
  database: Database,
  reports: readonly StatementReport[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const byAccount = new Map(reports.map((report) => [report.accountId, report]));
  for await (const account of readRowsOfAccounts(database, reports[0]!.importNo, [...byAccount.keys()])) {
    signal.throwIfAborted();
    const { html, json } = renderStatement(byAccount.get(account.accountId)!, account);
    const path = join(folder, `account-${account.accountId}`);
    await writeReportFile(`${path}.json`, json);
    await writeReportFile(`${path}.html`, html);
    // None of this waits for anything: leases, heartbeats and signals have their turn here.
    await setImmediate();
  }
}

function renderStatement(report: StatementReport, { rows }: AccountRows): { html: string; json: string } {
  const sums = makeMonthSums(statementCalendar(report.locale, report.timeZone));
  for (const row of rows) sums.add(row);
  const figures = figuresOf(report, sums.months());
  const json = makeStatementJson(figures);
  const transactions = rows.map((row, at) => json.transaction(row, at === 0)).join('');
  return {
    html: renderStatementHtml(figures, rows.slice(0, STATEMENT_TRANSACTIONS_MAX)),
    json: json.head + transactions + json.tail,
  };
}
