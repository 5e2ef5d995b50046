import { join } from 'node:path';
import type { Database, Transaction } from '@passbook/database';
import type { MailFiles } from '../feed.js';
import { streamReportFile, writeReportFile } from '../write-report-file.js';
import { gatherStatement } from './gather-statement.js';
import { readRowsOfAccount } from './read-statement-rows.js';
import type { StatementReport } from './report-figures.js';
import type { StatementFigures, StatementTransaction } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { makeStatementJson } from './statement-json.js';
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
    const path = join(folder, `account-${report.accountId}`);
    const eml = mail && beginEml(report, mail, `${path}.eml`);
    const gathering = gatherStatement(report);
    for await (const rows of readRows(trx, report, signal)) {
      gathering.add(rows);
      eml?.add(rows);
    }
    const gathered = gathering.end();
    await streamReportFile(`${path}.json`, writeJson(gathered.figures, readRows(trx, report, signal)));
    await writeReportFile(`${path}.html`, renderStatementHtml(gathered.figures, gathered.newest));
    await eml?.write(gathered);
  });
}

async function* readRows(
  trx: Transaction,
  { importNo, accountId }: StatementReport,
  signal: AbortSignal,
): AsyncGenerator<StatementTransaction[]> {
  for await (const rows of readRowsOfAccount(trx, importNo, accountId)) {
    signal.throwIfAborted();
    yield rows;
  }
}

async function* writeJson(
  figures: StatementFigures,
  parts: AsyncIterable<StatementTransaction[]>,
): AsyncGenerator<string> {
  const json = makeStatementJson(figures);
  yield json.head;
  let isFirst = true;
  for await (const rows of parts) {
    let text = '';
    for (const row of rows) {
      text += json.transaction(row, isFirst);
      isFirst = false;
    }
    yield text;
  }
  yield json.tail;
}
