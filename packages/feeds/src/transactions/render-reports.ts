import { join } from 'node:path';
import type { Database } from '@passbook/database';
import type { DueReport } from '@passbook/imports';
import type { MailFiles } from '../feed.js';
import { removeUnfinishedFiles, writeReportFile } from '../write-report-file.js';
import { renderLongStatement } from './render-long-statement.js';
import { renderShortStatements } from './render-short-statements.js';
import { countTransactions, isStatement, type StatementReport } from './report-figures.js';
import type { IndexSnapshot, StatementSnapshot } from './reports-due.js';
import { INDEX_ACCOUNTS_MAX, type ImportIndexTotal } from './statement-figures.js';
import { renderIndexHtml } from './statement-index.js';

/** A statement of so many rows is rendered without a pause, in some 10 ms. */
const SHORT_ROWS_MAX = 5_000;

/** Renders due reports of one import: they depend on their own row and the rows of the import alone. */
export async function renderTransactionReports(
  database: Database,
  reports: readonly DueReport[],
  folder: string,
  mail: MailFiles | null,
  signal: AbortSignal,
): Promise<void> {
  const statements = reports.filter(isStatement);
  const isShort = (report: StatementReport): boolean => countTransactions(report) <= SHORT_ROWS_MAX;
  await renderShortStatements(database, statements.filter(isShort), folder, mail, signal);
  for (const report of statements) {
    if (!isShort(report)) await renderLongStatement(database, report, folder, mail, signal);
  }
  for (const report of reports) {
    if (report.accountId === null) await renderIndex(database, report, folder);
  }
}

/** The index lists the statements of the import from their rows of `reports`: the same figures as in the statements. */
async function renderIndex(database: Database, report: DueReport, folder: string): Promise<void> {
  const snapshot = report.snapshot as IndexSnapshot;
  const { rows } = await database.query<{ accountId: bigint; snapshot: StatementSnapshot }>(
    `select account_id as "accountId", snapshot from reports
     where import_no = $1 and account_id is not null order by account_id limit $2`,
    [report.importNo, INDEX_ACCOUNTS_MAX],
  );
  const totals = await readTotals(database, report.importNo);
  const byName = new Intl.Collator(report.locale);
  const accounts = rows.map(({ accountId, snapshot: account }) => ({
    accountId: String(accountId),
    last4: account.last4,
    type: account.type,
    clientName: account.name,
    transactionCount: account.rows,
    closingMinor: BigInt(account.closing),
    currency: account.currency,
    htmlFile: `account-${accountId}.html`,
    jsonFile: `account-${accountId}.json`,
  }));
  const html = renderIndexHtml({
    importId: report.importId,
    file: report.fileName,
    feed: report.feed,
    locale: report.locale,
    ...snapshot,
    totals,
    accountCount: totals.reduce((sum, { accountCount }) => sum + Number(accountCount), 0),
    // The sort is stable: accounts of one name stay in the order of their ids.
    accounts: accounts.sort((one, other) => byName.compare(one.clientName, other.clientName)),
  });
  // All other reports of the import are done: nobody needs what is unfinished.
  await removeUnfinishedFiles(folder);
  await writeReportFile(join(folder, 'index.html'), html);
}

interface Total extends ImportIndexTotal {
  accountCount: bigint;
}

/** What an import posted, by currency: the sums of its statements. */
async function readTotals(database: Database, importNo: number): Promise<Total[]> {
  const { rows } = await database.query<
    Omit<Total, 'creditsMinor' | 'debitsMinor'> & Record<'credits' | 'debits', string>
  >(
    `select snapshot->>'currency' as currency, count(*) as "accountCount", sum((snapshot->>'rows')::bigint)::bigint as "transactionCount",
       sum((snapshot->>'credits')::numeric)::text as credits, sum((snapshot->>'debits')::numeric)::text as debits
     from reports where import_no = $1 and account_id is not null group by 1 order by 1`,
    [importNo],
  );
  return rows.map(({ credits, debits, ...total }) => ({
    ...total,
    creditsMinor: BigInt(credits),
    debitsMinor: BigInt(debits),
  }));
}
