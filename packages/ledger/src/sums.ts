import type { Transaction } from '@passbook/database';

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
  /** `YYYY-MM`, in the time zone of the installation. */
  month: string;
}

/**
 * Adds rows that were just inserted to the months, the sums of the import, and the balances. The accounts are locked.
 * @throws when an account is missing: then nothing of the batch may stay
 */
export async function addSums(trx: Transaction, sums: readonly MonthSums[]): Promise<void> {
  await addToMonths(
    trx,
    gather(sums, (one) => `${one.accountId} ${one.month}`),
  );
  await addToImport(
    trx,
    gather(sums, (one) => `${one.importNo} ${one.accountId}`),
  );
  const byAccount = gather(sums, (one) => String(one.accountId));
  const { rowCount } = await trx.query(
    `update accounts a set balance_minor = balance_minor + delta
     from unnest($1::bigint[], $2::bigint[]) as d (id, delta) where a.id = d.id`,
    [byAccount.map((one) => one.accountId), byAccount.map((one) => one.creditSumMinor + one.debitSumMinor)],
  );
  if (rowCount !== byAccount.length) {
    throw new Error(`Rows of ${byAccount.length} accounts changed ${rowCount} balances.`);
  }
}

async function addToMonths(trx: Transaction, sums: readonly MonthSums[]): Promise<void> {
  await trx.query(
    `insert into account_months as m (account_id, month, credit_count, credit_sum_minor, debit_count, debit_sum_minor)
     select account_id, (month || '-01')::date, credit_count, credit_sum, debit_count, debit_sum
     from unnest($1::bigint[], $2::text[], $3::integer[], $4::bigint[], $5::integer[], $6::bigint[])
       as s (account_id, month, credit_count, credit_sum, debit_count, debit_sum)
     order by 1, 2
     on conflict (account_id, month) do update set
       credit_count = m.credit_count + excluded.credit_count,
       credit_sum_minor = m.credit_sum_minor + excluded.credit_sum_minor,
       debit_count = m.debit_count + excluded.debit_count,
       debit_sum_minor = m.debit_sum_minor + excluded.debit_sum_minor`,
    [sums.map((one) => one.accountId), sums.map((one) => one.month), ...figuresOf(sums)],
  );
}

async function addToImport(trx: Transaction, sums: readonly MonthSums[]): Promise<void> {
  await trx.query(
    `insert into import_accounts as i
       (import_no, account_id, credit_count, credit_sum_minor, debit_count, debit_sum_minor, rows_posted)
     select import_no, account_id, credit_count, credit_sum, debit_count, debit_sum, rows_posted
     from unnest($1::integer[], $2::bigint[], $3::integer[], $4::bigint[], $5::integer[], $6::bigint[], $7::integer[])
       as s (import_no, account_id, credit_count, credit_sum, debit_count, debit_sum, rows_posted)
     order by 1, 2
     on conflict (import_no, account_id) do update set
       rows_posted = i.rows_posted + excluded.rows_posted,
       credit_count = i.credit_count + excluded.credit_count,
       credit_sum_minor = i.credit_sum_minor + excluded.credit_sum_minor,
       debit_count = i.debit_count + excluded.debit_count,
       debit_sum_minor = i.debit_sum_minor + excluded.debit_sum_minor`,
    [
      sums.map((one) => one.importNo),
      sums.map((one) => one.accountId),
      ...figuresOf(sums),
      sums.map((one) => one.rows),
    ],
  );
}

function figuresOf(sums: readonly MonthSums[]): unknown[][] {
  return [
    sums.map((one) => one.creditCount),
    sums.map((one) => one.creditSumMinor),
    sums.map((one) => one.debitCount),
    sums.map((one) => one.debitSumMinor),
  ];
}

function gather(sums: readonly MonthSums[], keyOf: (one: MonthSums) => string): MonthSums[] {
  const gathered = new Map<string, MonthSums>();
  for (const one of sums) {
    const key = keyOf(one);
    const total = gathered.get(key);
    if (!total) {
      gathered.set(key, { ...one });
      continue;
    }
    total.rows += one.rows;
    total.creditCount += one.creditCount;
    total.creditSumMinor += one.creditSumMinor;
    total.debitCount += one.debitCount;
    total.debitSumMinor += one.debitSumMinor;
  }
  return [...gathered.values()];
}
