import type { Queryable } from '@passbook/database';
import type { ZoneClock } from '@passbook/runtime';
import { findMonthStart } from './month-start.js';
import { isRowId } from './row-id.js';
import { MONTHS } from './transaction-row.js';

/** What an account has, or had. */
export interface Balance {
  balanceMinor: bigint;
  /** ISO 4217 */
  currency: string;
}

/**
 * The balance of an account now, or as of a moment: with all that took effect until then, the moment included. It is the
 * sum of the months before and of a part of the last one, whose transactions are read: never of all there are.
 * @param asOf null: now; else RFC 3339 in UTC with up to six decimals of a second, of the years 1 to 9999
 * @param clock of the time zone of the installation, which the months are of
 * @returns null when there is no such account
 */
export async function readBalance(
  database: Queryable,
  accountId: bigint,
  asOf: string | null,
  clock: ZoneClock,
): Promise<Balance | null> {
  if (!isRowId(accountId)) return null;
  if (asOf === null) {
    const { rows } = await database.query<Balance>(
      'select balance_minor as "balanceMinor", currency from accounts where id = $1',
      [accountId],
    );
    return rows[0] ?? null;
  }
  const { month, startsAt } = findMonthStart(asOf, clock);
  // One statement sees months and transactions of one moment. Numeric: a part of a sum may be beyond 63 bits.
  const { rows } = await database.query<{ balance: string; currency: string }>(
    `select a.currency, (
       coalesce((select sum(figure) from account_years y cross join unnest(y.figures) with ordinality as f (figure, place)
         where y.account_id = a.id and y.year <= $2::integer and place % 2 = 0
           and (y.year < $2::integer or place <= $3::integer * 4)), 0)
       + coalesce((select sum(t.amount_minor) from transactions t
         where t.account_id = a.id and t.occurred_at >= $4 and t.occurred_at <= $5), 0))::text as balance
     from accounts a where a.id = $1`,
    [accountId, Math.floor(month / MONTHS), month % MONTHS, startsAt, asOf],
  );
  const row = rows[0];
  return row ? { balanceMinor: BigInt(row.balance), currency: row.currency } : null;
}
