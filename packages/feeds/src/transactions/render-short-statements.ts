import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Database } from '@passbook/database';
import type { MailFiles } from '../feed.js';
import { writeReportFile } from '../write-report-file.js';
import { gatherStatement, type GatheredStatement } from './gather-statement.js';
import { readRowsOfAccounts, type AccountRows } from './read-statement-rows.js';
import { batchReports } from './report-batches.js';
import type { StatementReport } from './report-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { makeStatementJson } from './statement-json.js';
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
    const gathering = gatherStatement(report);
    gathering.add(account.rows);
    const gathered = gathering.end();
    const path = join(folder, `account-${account.accountId}`);
    await writeReportFile(`${path}.json`, renderJson(gathered, account));
    await writeReportFile(`${path}.html`, renderStatementHtml(gathered.figures, gathered.newest));
    const eml = mail && beginEml(report, mail, `${path}.eml`);
    eml?.add(account.rows);
    await eml?.write(gathered);
    // None of this waits for anything: leases, heartbeats and signals have their turn here.
    await setImmediate();
  }
}

function renderJson({ figures }: GatheredStatement, { rows }: AccountRows): string {
  const json = makeStatementJson(figures);
  let text = json.head;
  rows.forEach((row, at) => {
    text += json.transaction(row, at === 0);
  });
  return text + json.tail;
}
