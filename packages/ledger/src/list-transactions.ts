import type { Queryable } from '@passbook/database';
import {
  transactionColumns,
  toLedgerTransaction,
  type LedgerTransaction,
  type TransactionRecord,
} from './read-transaction.js';

/** Where a page of transactions goes on: behind this one. */
export interface TransactionCursor {
  /** As it was given: RFC 3339 in UTC. */
  occurredAt: string;
  id: string;
}

/**
 * The transactions of an account, newest first (by time, then by id): those of files and those of transfers, which have the
 * id of the transfer. A row that comes while somebody turns pages is seen if it is older than the page.
 */
export async function listTransactions(
  database: Queryable,
  accountId: bigint,
  page: { after: TransactionCursor | null; limit: number },
): Promise<LedgerTransaction[]> {
  const { after, limit } = page;
  const { rows } = await database.query<TransactionRecord>(
    `select ${transactionColumns} from transactions t join accounts a on a.id = t.account_id
     where t.account_id = $1 ${after ? 'and (t.occurred_at, t.id) < ($3, $4)' : ''}
     order by t.occurred_at desc, t.id desc limit $2`,
    [accountId, limit, ...(after ? [after.occurredAt, after.id] : [])],
  );
  return rows.map(toLedgerTransaction);
}
