import { join } from 'node:path';
import type { Database } from '@passbook/database';
import type { DueReport } from '@passbook/imports';
import {
  beginReportFile,
  writeReportFile,
  type ReportFile,
  removeUnfinishedFiles,
} from '../write-report-file.js';
import { readStatementMonths, readStatementRows, type StatementRow } from './read-statement-rows.js';
import type { IndexSnapshot, StatementSnapshot } from './reports-due.js';
import { renderIndexHtml } from './statement-index.js';
import { renderStatementHtml } from './statement-html.js';
import { makeStatementJson } from './statement-json.js';
import {
  INDEX_ACCOUNTS_MAX,
  STATEMENT_TRANSACTIONS_MAX,
  type StatementFigures,
  type StatementMonth,
  type StatementTransaction,
} from './statement-figures.js';

/** Renders due reports of one import: they depend on their own row and the rows of the import alone. */
export async function renderTransactionReports(
  database: Database,
  reports: readonly DueReport[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const statements = reports.filter((report): report is StatementReport => report.accountId !== null);
  if (statements.length > 0) await renderStatements(database, statements, folder, signal);
  for (const report of reports) {
    if (report.accountId === null) await renderIndex(database, report, folder);
  }
}

type StatementReport = DueReport & { accountId: bigint };

async function renderStatements(
  database: Database,
  reports: readonly StatementReport[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { importNo, timeZone } = reports[0]!;
  const accountIds = reports.map((report) => report.accountId);
  const byAccount = new Map(reports.map((report) => [report.accountId, report]));
  await database.withTransaction(async (trx) => {
    const months = await readStatementMonths(trx, importNo, accountIds, timeZone);
    let writer: StatementWriter | undefined;
    try {
      for await (const rows of readStatementRows(trx, importNo, accountIds)) {
        signal.throwIfAborted();
        for (const row of rows) {
          if (!writer || row.accountId !== writer.accountId) {
            await writer?.finish();
            writer = beginStatement(byAccount.get(row.accountId)!, months.get(row.accountId)!, folder);
          }
          await writer.add(row);
        }
      }
      await writer?.finish();
    } catch (err) {
      await writer?.abandon();
      throw err;
    }
  });
}

interface StatementWriter {
  accountId: bigint;
  add(row: StatementRow): Promise<void>;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

function beginStatement(report: StatementReport, months: StatementMonth[], folder: string): StatementWriter {
  const figures = figuresOf(report, months);
  const json = makeStatementJson(figures);
  const path = join(folder, `account-${report.accountId}`);
  const file: ReportFile = beginReportFile(`${path}.json`);
  const newest: StatementTransaction[] = [];
  let isFirst = true;
  return {
    accountId: report.accountId,
    async add(row) {
      if (newest.length < STATEMENT_TRANSACTIONS_MAX) newest.push(row);
      await file.write((isFirst ? json.head : '') + json.transaction(row, isFirst));
      isFirst = false;
    },
    async finish() {
      await file.write(json.tail);
      await file.finish();
      await writeReportFile(`${path}.html`, renderStatementHtml(figures, newest));
    },
    abandon: () => file.abandon(),
  };
}

function figuresOf(report: StatementReport, months: StatementMonth[]): StatementFigures {
  const snapshot = report.snapshot as StatementSnapshot;
  return {
    import: { id: report.importId, file: report.fileName },
    account: {
      id: String(report.accountId),
      last4: snapshot.last4,
      type: snapshot.type,
      currency: snapshot.currency,
    },
    client: { name: snapshot.name, email: snapshot.email },
    openingMinor: BigInt(snapshot.opening),
    closingMinor: BigInt(snapshot.closing),
    totalCreditsMinor: BigInt(snapshot.credits),
    totalDebitsMinor: BigInt(snapshot.debits),
    creditCount: snapshot.creditCount,
    debitCount: snapshot.debitCount,
    transactionCount: snapshot.rows,
    months,
    locale: report.locale,
    timeZone: report.timeZone,
  };
}

/** The index lists the statements of the import from their rows of `reports`: the same figures as in the statements. */
async function renderIndex(database: Database, report: DueReport, folder: string): Promise<void> {
  const snapshot = report.snapshot as IndexSnapshot;
  const { rows } = await database.query<{ accountId: bigint; snapshot: StatementSnapshot }>(
    `select account_id as "accountId", snapshot from reports
     where import_no = $1 and account_id is not null order by account_id limit $2`,
    [report.importNo, INDEX_ACCOUNTS_MAX],
  );
  const { rows: counted } = await database.query<{ count: bigint }>(
    'select count(*) from reports where import_no = $1 and account_id is not null',
    [report.importNo],
  );
  const html = renderIndexHtml({
    importId: report.importId,
    file: report.fileName,
    feed: report.feed,
    locale: report.locale,
    ...snapshot,
    accountCount: Number(counted[0]!.count),
    accounts: rows.map(({ accountId, snapshot: account }) => ({
      accountId: String(accountId),
      last4: account.last4,
      type: account.type,
      clientName: account.name,
      transactionCount: account.rows,
      closingMinor: BigInt(account.closing),
      currency: account.currency,
      htmlFile: `account-${accountId}.html`,
      jsonFile: `account-${accountId}.json`,
    })),
  });
  // All other reports of the import are done: nobody needs what is unfinished.
  await removeUnfinishedFiles(folder);
  await writeReportFile(join(folder, 'index.html'), html);
}
