import type { Queryable } from '@passbook/database';
import type { Transfer } from './operation.js';

/** To be selected from `transfers t`. */
export const transferColumns = `t.id, t.kind, t.from_account_id as "fromAccountId", t.to_account_id as "toAccountId",
  t.amount_minor as "amountMinor", t.currency, t.occurred_at as "occurredAt", t.posted_at as "postedAt",
  t.from_balance_minor as "fromBalanceMinor", t.to_balance_minor as "toBalanceMinor", t.reverses`;

/** The transfer of this id, and the one that reversed it, if any; or null. @param id a UUID */
export async function readTransfer(
  database: Queryable,
  id: string,
): Promise<(Transfer & { reversedBy: string | null }) | null> {
  const { rows } = await database.query<Transfer & { reversedBy: string | null }>(
    `select ${transferColumns}, r.id as "reversedBy" from transfers t left join transfers r on r.reverses = t.id
     where t.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
