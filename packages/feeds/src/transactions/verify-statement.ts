import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@passbook/database';
import { findReport, type DueReport } from '@passbook/imports';
import { currencyDecimals, formatAmount } from '@passbook/ledger';
import { gatherStatement, type GatheredStatement } from './gather-statement.js';
import { readRowsOfAccount } from './read-statement-rows.js';
import { isStatement, type StatementReport } from './report-figures.js';
import { STATEMENT_TEMPLATE_VERSION, type StatementSnapshot } from './reports-due.js';
import type { StatementFigures } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { makeStatementJson } from './statement-json.js';
import { makeDifferences, type Difference, type Differences } from './verify-differences.js';
import { identifyStatement, type StatementFile } from './identify-statement.js';
import { compareJson } from './verify-json.js';
import { comparePages, findFigures } from './verify-page.js';

/** What became of holding a file of a statement to the ledger. */
export interface Verification {
  importId: string;
  accountId: string;
  /** The first hundred. */
  differences: Difference[];
  differenceCount: number;
  /** Compared only where the file was made with the template that we have: else null. */
  isSameBytes: boolean | null;
}

/**
 * Compares every figure of a statement's file with the transactions of the ledger, with the sums beside them, and with the
 * closing balance that is stored with the report; and its bytes with those that would be written now.
 * @returns null when it is no file of a statement, or of one that this database does not know
 */
export async function verifyStatement(database: Database, content: Buffer): Promise<Verification | null> {
  const file = identifyStatement(content);
  const report = file && (await findReport(database, file.importId, file.accountId));
  if (!report || !isStatement(report)) return null;
  const differences = makeDifferences();
  const isSameTemplate = report.templateVersion === STATEMENT_TEMPLATE_VERSION;
  const isSameBytes = await database.withTransaction(async (trx) => {
    await trx.query('set transaction isolation level repeatable read, read only');
    const { figures, newest } = await readLedger(trx, report);
    await compareSums(trx, report, figures, differences);
    if (file.json) return compareWithJson(trx, report, file, figures, differences);
    if (!isSameTemplate) return void findFigures(file.text, figures, differences);
    const html = renderStatementHtml(figures, newest);
    comparePages(file.text, html, differences);
    return html === file.text;
  });
  const { importId, accountId } = report;
  return {
    importId,
    accountId: String(accountId),
    differences: differences.list,
    differenceCount: differences.count(),
    isSameBytes: isSameTemplate ? (isSameBytes ?? null) : null,
  };
}

/** What a statement would say by the transactions alone; only its closing balance is that of the report. */
async function readLedger(trx: Transaction, report: StatementReport): Promise<GatheredStatement> {
  const gathering = gatherStatement(report);
  for await (const rows of readRowsOfAccount(trx, report.importNo, report.accountId)) gathering.add(rows);
  const { figures: stored, newest } = gathering.end();
  const { months } = stored;
  const total = {
    totalCreditsMinor: months.reduce((sum, { credits }) => sum + credits, 0n),
    totalDebitsMinor: months.reduce((sum, { debits }) => sum + debits, 0n),
    creditCount: months.reduce((sum, { creditCount }) => sum + creditCount, 0),
    debitCount: months.reduce((sum, { debitCount }) => sum + debitCount, 0),
    transactionCount: months.reduce((sum, { count }) => sum + count, 0),
  };
  const openingMinor = stored.closingMinor - total.totalCreditsMinor - total.totalDebitsMinor;
  return { figures: { ...stored, ...total, openingMinor }, newest };
}

/** The sums that were stored when the rows were posted and when the report became due are those of the transactions. */
async function compareSums(
  trx: Transaction,
  { importNo, accountId, snapshot }: StatementReport,
  figures: StatementFigures,
  differences: Differences,
): Promise<void> {
  const decimals = currencyDecimals(figures.account.currency);
  const amount = (minor: string | bigint): string => formatAmount(BigInt(minor), decimals);
  const expected = {
    totalCredits: amount(figures.totalCreditsMinor),
    totalDebits: amount(figures.totalDebitsMinor),
    creditCount: String(figures.creditCount),
    debitCount: String(figures.debitCount),
    transactionCount: String(figures.transactionCount),
  };
  const { rows } = await trx.query<
    Pick<StatementSnapshot, 'credits' | 'debits' | 'creditCount' | 'debitCount' | 'rows'>
  >(
    `select credit_sum_minor::text as credits, debit_sum_minor::text as debits, credit_count as "creditCount",
            debit_count as "debitCount", rows_posted as rows
     from import_accounts where import_no = $1 and account_id = $2`,
    [importNo, accountId],
  );
  const stored = snapshot as StatementSnapshot;
  for (const [place, sums] of [['import_accounts', rows[0]] as const, ['reports', stored] as const]) {
    const said = sums && {
      totalCredits: amount(sums.credits),
      totalDebits: amount(sums.debits),
      creditCount: String(sums.creditCount),
      debitCount: String(sums.debitCount),
      transactionCount: String(sums.rows),
    };
    for (const name of Object.keys(expected) as (keyof typeof expected)[])
      differences.compare(name, said?.[name] ?? null, expected[name], place);
  }
  differences.compare('openingBalance', amount(stored.opening), amount(figures.openingMinor), 'reports');
}

/** @returns whether the bytes are those that would be written */
async function compareWithJson(
  trx: Transaction,
  { importNo, accountId }: DueReport & { accountId: bigint },
  { text, json }: StatementFile,
  figures: StatementFigures,
  differences: Differences,
): Promise<boolean> {
  const ledger = makeStatementJson(figures);
  const comparison = compareJson(json!, ledger, differences);
  const hash = createHash('sha256').update(ledger.head);
  let isFirst = true;
  for await (const rows of readRowsOfAccount(trx, importNo, accountId)) {
    for (const row of rows) {
      comparison.take(row);
      hash.update(ledger.transaction(row, isFirst));
      isFirst = false;
    }
  }
  comparison.end();
  return hash.update(ledger.tail).digest('hex') === createHash('sha256').update(text).digest('hex');
}
