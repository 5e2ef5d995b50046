import type { Queryable } from '@passbook/database';
import { isRowId } from './row-id.js';

/** An account, with its balance now. */
export interface Account {
  id: bigint;
  clientId: bigint;
  /** Of the account number; null when it has none. */
  last4: string | null;
  type: string | null;
  /** ISO 4217 */
  currency: string;
  balanceMinor: bigint;
  /** The least balance that it may have; null: it may be overdrawn without limit, as imported accounts. */
  minBalanceMinor: bigint | null;
  /** RFC 3339 in UTC. */
  createdAt: string;
}

/** To be selected from `accounts a`. */
export const accountColumns = `a.id, a.client_id as "clientId", a.number_last4 as last4, a.type, a.currency,
  a.balance_minor as "balanceMinor", a.min_balance_minor as "minBalanceMinor", a.created_at as "createdAt"`;

/** The account of this id, or null. */
export async function readAccount(database: Queryable, id: bigint): Promise<Account | null> {
  if (!isRowId(id)) return null;
  const { rows } = await database.query<Account>(`select ${accountColumns} from accounts a where a.id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

/** A page of the accounts by id, of all clients or of one. */
export async function listAccounts(
  database: Queryable,
  page: { clientId: bigint | null; afterId: bigint | null; limit: number },
): Promise<Account[]> {
  const { rows } = await database.query<Account>(
    `select ${accountColumns} from accounts a where a.id > $1 and ($3::bigint is null or a.client_id = $3)
     order by a.id limit $2`,
    [page.afterId ?? 0n, page.limit, page.clientId],
  );
  return rows;
}
