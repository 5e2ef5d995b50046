import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Database } from '@passbook/database';
import type { MailFiles } from '../feed.js';
import { writeReportFile } from '../write-report-file.js';
import { readRowsOfAccounts, type AccountRows } from './read-statement-rows.js';
import { batchReports } from './report-batches.js';
import { figuresOf, type StatementReport } from './report-figures.js';
import { statementCalendar } from './statement-calendar.js';
import { STATEMENT_TRANSACTIONS_MAX } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { makeStatementJson } from './statement-json.js';
import { makeMonthSums } from './statement-months.js';
import { beginEml } from './write-eml.js';

/** Renders statements of one import, each of which fits into memory: many are read at once. */
export async function renderShortStatements(
  database: Database,
  reports: readonly StatementReport[],
  folder: string,
  mail: MailFiles | null,
  signal: AbortSignal,
): Promise<void> {
  for (const batch of batchReports(reports)) await renderBatch(database, batch, folder, mail, signal);
}

async function renderBatch(
  database: Database,
  reports: readonly StatementReport[],
  folder: string,
  mail: MailFiles | null,
  signal: AbortSignal,
): Promise<void> {
  const byAccount = new Map(reports.map((report) => [report.accountId, report]));
  for await (const account of readRowsOfAccounts(database, reports[0]!.importNo, [...byAccount.keys()])) {
    signal.throwIfAborted();
    const report = byAccount.get(account.accountId)!;
    const { figures, html, json } = renderStatement(report, account);
    const path = join(folder, `account-${account.accountId}`);
    await writeReportFile(`${path}.json`, json);
    await writeReportFile(`${path}.html`, html);
    const eml = mail && beginEml(report, mail, `${path}.eml`);
    eml?.add(account.rows);
    await eml?.write(figures);
    // None of this waits for anything: leases, heartbeats and signals have their turn here.
    await setImmediate();
  }
}

function renderStatement(report: StatementReport, { rows }: AccountRows) {
  const sums = makeMonthSums(statementCalendar(report.locale, report.timeZone));
  for (const row of rows) sums.add(row);
  const figures = figuresOf(report, sums.months());
  const json = makeStatementJson(figures);
  const transactions = rows.map((row, at) => json.transaction(row, at === 0)).join('');
  return {
    figures,
    html: renderStatementHtml(figures, rows.slice(0, STATEMENT_TRANSACTIONS_MAX)),
    json: json.head + transactions + json.tail,
  };
}
