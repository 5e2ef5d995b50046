import type { Transaction } from '@passbook/database';
import type { RowsToCopy } from './copy-transactions.js';
import { MONTHS, readAmountMinor, readMonth, ROW_BYTES } from './transaction-row.js';

const FIGURES_OF_YEAR = 4 * MONTHS;

/** Counts, and sums in minor units. An amount of zero is a row, but neither a credit nor a debit. */
export interface Sums {
  rows: number;
  creditCount: number;
  creditSumMinor: bigint;
  debitCount: number;
  /** Zero or negative. */
  debitSumMinor: bigint;
}

/** The sums of some rows of one import, account and month. */
export interface MonthSums extends Sums {
  importNo: number;
  accountId: bigint;
  /** Of the time zone of the installation, as `monthNo` gives it. */
  month: number;
}

/** The sums of rows by import, account and month. @param postings those of one account one after the other */
export function sumRows(postings: readonly RowsToCopy[]): MonthSums[] {
  const sums: MonthSums[] = [];
  let account: { id: bigint; importNo: number; months: Map<number, MonthSums> } | undefined;
  const endAccount = (): void => {
    if (account) sums.push(...account.months.values());
  };
  for (const { accountId, importNo, rows } of postings) {
    if (account?.id !== accountId || account.importNo !== importNo) {
      endAccount();
      account = { id: accountId, importNo, months: new Map() };
    }
    for (let at = 0; at < rows.length; at += ROW_BYTES) {
      const month = readMonth(rows, at);
      let one = account.months.get(month);
      if (!one) account.months.set(month, (one = makeSums(importNo, accountId, month)));
      addAmount(one, readAmountMinor(rows, at));
    }
  }
  endAccount();
  return sums;
}

function makeSums(importNo: number, accountId: bigint, month: number): MonthSums {
  return {
    importNo,
    accountId,
    month,
    rows: 0,
    creditCount: 0,
    creditSumMinor: 0n,
    debitCount: 0,
    debitSumMinor: 0n,
  };
}

function addAmount(sums: Sums, amountMinor: bigint): void {
  sums.rows += 1;
  if (amountMinor > 0n) {
    sums.creditCount += 1;
    sums.creditSumMinor += amountMinor;
  } else if (amountMinor < 0n) {
    sums.debitCount += 1;
    sums.debitSumMinor += amountMinor;
  }
}

/**
 * Adds rows that were just inserted to the months, the sums of the import, and the balances. The accounts are locked.
 * @throws when an account is missing: then nothing of the batch may stay
 */
export async function addSums(trx: Transaction, sums: readonly MonthSums[]): Promise<void> {
  await addToMonths(
    trx,
    gather(sums, (a, b) => compareAccounts(a, b) || a.month - b.month),
  );
  await addToImport(
    trx,
    gather(sums, (a, b) => a.importNo - b.importNo || compareAccounts(a, b)),
  );
  const byAccount = gather(sums, compareAccounts);
  const { rowCount } = await trx.query(
    `update accounts a set balance_minor = balance_minor + delta
     from unnest($1::bigint[], $2::bigint[]) as d (id, delta) where a.id = d.id`,
    [
      arrayOf(byAccount, (one) => one.accountId),
      arrayOf(byAccount, (one) => one.creditSumMinor + one.debitSumMinor),
    ],
  );
  if (rowCount !== byAccount.length) {
    throw new Error(`Rows of ${byAccount.length} accounts changed ${rowCount} balances.`);
  }
}

/** Adds to the years: `figures` has four for each month, as the migration says. */
async function addToMonths(trx: Transaction, months: readonly MonthSums[]): Promise<void> {
  const accountIds: bigint[] = [];
  const years: number[] = [];
  const figures: (bigint | number)[][] = [];
  for (const one of months) {
    const year = Math.floor(one.month / MONTHS);
    if (accountIds.at(-1) !== one.accountId || years.at(-1) !== year) {
      accountIds.push(one.accountId);
      years.push(year);
      figures.push(Array.from({ length: FIGURES_OF_YEAR }, () => 0));
    }
    const own = [one.creditCount, one.creditSumMinor, one.debitCount, one.debitSumMinor];
    figures.at(-1)!.splice((one.month - year * MONTHS) * own.length, own.length, ...own);
  }
  await trx.query(
    `insert into account_years as y (account_id, year, figures)
     select account_id, year, ($3::bigint[])[(no::integer - 1) * $4::integer + 1 : no::integer * $4::integer]
     from unnest($1::bigint[], $2::integer[]) with ordinality as given (account_id, year, no)
     on conflict (account_id, year) do update
     set figures = array(select a + b from unnest(y.figures, excluded.figures) as pair (a, b))`,
    [
      `{${accountIds.join()}}`,
      `{${years.join()}}`,
      `{${figures.map((one) => one.join()).join()}}`,
      FIGURES_OF_YEAR,
    ],
  );
}

async function addToImport(trx: Transaction, sums: readonly MonthSums[]): Promise<void> {
  await trx.query(
    `insert into import_accounts as i
       (import_no, account_id, credit_count, credit_sum_minor, debit_count, debit_sum_minor, rows_posted)
     select import_no, account_id, credit_count, credit_sum, debit_count, debit_sum, rows_posted
     from unnest($1::integer[], $2::bigint[], $3::integer[], $4::bigint[], $5::integer[], $6::bigint[], $7::integer[])
       as s (import_no, account_id, credit_count, credit_sum, debit_count, debit_sum, rows_posted)
     on conflict (import_no, account_id) do update set
       rows_posted = i.rows_posted + excluded.rows_posted,
       credit_count = i.credit_count + excluded.credit_count,
       credit_sum_minor = i.credit_sum_minor + excluded.credit_sum_minor,
       debit_count = i.debit_count + excluded.debit_count,
       debit_sum_minor = i.debit_sum_minor + excluded.debit_sum_minor`,
    [
      arrayOf(sums, (one) => one.importNo),
      arrayOf(sums, (one) => one.accountId),
      ...figuresOf(sums),
      arrayOf(sums, (one) => one.rows),
    ],
  );
}

function figuresOf(sums: readonly MonthSums[]): string[] {
  return [
    arrayOf(sums, (one) => one.creditCount),
    arrayOf(sums, (one) => one.creditSumMinor),
    arrayOf(sums, (one) => one.debitCount),
    arrayOf(sums, (one) => one.debitSumMinor),
  ];
}

/** Numbers as the text of an array: the driver would look at each of them whether it needs quotation marks. */
function arrayOf(sums: readonly MonthSums[], figureOf: (one: MonthSums) => number | bigint): string {
  return `{${sums.map(figureOf).join()}}`;
}

/** Adds up the sums that are equal by this order. @returns them in the order: so everyone writes rows in the same one */
function gather(sums: readonly MonthSums[], compare: (a: MonthSums, b: MonthSums) => number): MonthSums[] {
  const gathered: MonthSums[] = [];
  let total: MonthSums | undefined;
  for (const one of [...sums].sort(compare)) {
    if (!total || compare(total, one) !== 0) {
      gathered.push((total = { ...one }));
      continue;
    }
    total.rows += one.rows;
    total.creditCount += one.creditCount;
    total.creditSumMinor += one.creditSumMinor;
    total.debitCount += one.debitCount;
    total.debitSumMinor += one.debitSumMinor;
  }
  return gathered;
}

function compareAccounts(a: MonthSums, b: MonthSums): number {
  return a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : 0;
}
