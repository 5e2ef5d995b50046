import type { Queryable, Transaction } from '@passbook/database';
import type { StatementMonth, StatementTransaction } from './statement-figures.js';

/** Rows of one fetch: bounds memory, whatever the size of an account. */
const ROWS_PER_FETCH = 1_000;

export type StatementRow = StatementTransaction & { accountId: bigint };

/** What the import posted to these accounts: account by account in the order of their ids, newest first in each. */
export async function* readStatementRows(
  trx: Transaction,
  importNo: number,
  accountIds: readonly bigint[],
): AsyncGenerator<StatementRow[]> {
  await trx.query(
    `declare statement_rows no scroll cursor for
     select account_id as "accountId", id, occurred_at as "occurredAt", amount_minor as "amountMinor"
     from transactions where account_id = any($1) and import_no = $2
     order by account_id, occurred_at desc, id`,
    [accountIds, importNo],
  );
  for (;;) {
    const { rows } = await trx.query<StatementRow>(`fetch ${ROWS_PER_FETCH} from statement_rows`);
    if (rows.length === 0) break;
    yield rows;
  }
  await trx.query('close statement_rows');
}

/** The months of what the import posted to these accounts, by account, the earliest first. */
export async function readStatementMonths(
  database: Queryable,
  importNo: number,
  accountIds: readonly bigint[],
  timeZone: string,
): Promise<Map<bigint, StatementMonth[]>> {
  const { rows } = await database.query<
    Record<keyof StatementMonth, string | number> & { accountId: bigint }
  >(
    `select account_id as "accountId", to_char(occurred_at at time zone $3, 'YYYY-MM') as month, count(*)::integer as count,
            (count(*) filter (where amount_minor > 0))::integer as "creditCount",
            coalesce(sum(amount_minor) filter (where amount_minor > 0), 0) as credits,
            (count(*) filter (where amount_minor < 0))::integer as "debitCount",
            coalesce(sum(amount_minor) filter (where amount_minor < 0), 0) as debits
     from transactions where account_id = any($1) and import_no = $2 group by 1, 2 order by 1, 2`,
    [accountIds, importNo, timeZone],
  );
  const months = new Map<bigint, StatementMonth[]>();
  for (const { accountId, ...row } of rows) {
    const month = {
      ...row,
      credits: BigInt(row.credits),
      debits: BigInt(row.debits),
    } as unknown as StatementMonth;
    const known = months.get(accountId);
    if (known) known.push(month);
    else months.set(accountId, [month]);
  }
  return months;
}
