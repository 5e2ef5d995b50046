import { join } from 'node:path';
import type { Database, Transaction } from '@passbook/database';
import type { MailFiles } from '../feed.js';
import { streamReportFile, writeReportFile } from '../write-report-file.js';
import { readRowsOfAccount } from './read-statement-rows.js';
import { figuresOf, type StatementReport } from './report-figures.js';
import { statementCalendar } from './statement-calendar.js';
import {
  STATEMENT_TRANSACTIONS_MAX,
  type StatementFigures,
  type StatementMonth,
  type StatementTransaction,
} from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { makeStatementJson } from './statement-json.js';
import { makeMonthSums } from './statement-months.js';
import { beginEml } from './write-eml.js';

/**
 * Renders the statement of an account that does not fit into memory. Its rows are read twice: the sums of the months
 * stand before the transactions, and are known after them.
 */
export async function renderLongStatement(
  database: Database,
  report: StatementReport,
  folder: string,
  mail: MailFiles | null,
  signal: AbortSignal,
): Promise<void> {
  await database.withTransaction(async (trx) => {
    const months = await sumMonths(trx, report, signal);
    await writeStatement(trx, report, figuresOf(report, months), folder, mail, signal);
  });
}

async function sumMonths(
  trx: Transaction,
  { importNo, accountId, locale, timeZone }: StatementReport,
  signal: AbortSignal,
): Promise<StatementMonth[]> {
  const sums = makeMonthSums(statementCalendar(locale, timeZone));
  for await (const rows of readRowsOfAccount(trx, importNo, accountId)) {
    signal.throwIfAborted();
    for (const row of rows) sums.add(row);
  }
  return sums.months();
}

async function writeStatement(
  trx: Transaction,
  report: StatementReport,
  figures: StatementFigures,
  folder: string,
  mail: MailFiles | null,
  signal: AbortSignal,
): Promise<void> {
  const { importNo, accountId } = report;
  const path = join(folder, `account-${accountId}`);
  const eml = mail && beginEml(report, mail, `${path}.eml`);
  const json = makeStatementJson(figures);
  const newest: StatementTransaction[] = [];
  async function* writeJson(): AsyncGenerator<string> {
    yield json.head;
    let isFirst = true;
    for await (const rows of readRowsOfAccount(trx, importNo, accountId)) {
      signal.throwIfAborted();
      eml?.add(rows);
      let text = '';
      for (const row of rows) {
        if (newest.length < STATEMENT_TRANSACTIONS_MAX) newest.push(row);
        text += json.transaction(row, isFirst);
        isFirst = false;
      }
      yield text;
    }
    yield json.tail;
  }
  await streamReportFile(`${path}.json`, writeJson());
  await writeReportFile(`${path}.html`, renderStatementHtml(figures, newest));
  await eml?.write(figures);
}
