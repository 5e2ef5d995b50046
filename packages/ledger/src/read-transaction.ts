import type { Queryable } from '@passbook/database';
import { isRowId } from './row-id.js';

/** A transaction of an account, and the line of a file that it came from. */
export interface LedgerTransaction {
  id: string;
  accountId: bigint;
  /** Of the account number. */
  last4: string | null;
  /** RFC 3339 in UTC. */
  occurredAt: string;
  /** In minor units of the currency; positive: a credit to the account. */
  amountMinor: bigint;
  /** ISO 4217 */
  currency: string;
  /** Null when it is no row of a file; so is the line. Then it is a leg of the transfer of the same id. */
  importNo: number | null;
  line: number | null;
}

/** To be selected from `transactions t` and `accounts a`. */
export const transactionColumns = `t.id, t.account_id as "accountId", a.number_last4 as last4, t.occurred_at as "occurredAt",
  t.amount_minor as "amountMinor", a.currency, t.import_no as "importNo", t.line`;

/** What `transactionColumns` gives. */
export type TransactionRecord = Omit<LedgerTransaction, 'line'> & { line: bigint | null };

export function toLedgerTransaction(record: TransactionRecord): LedgerTransaction {
  return { ...record, line: record.line === null ? null : Number(record.line) };
}

/** The transaction of this id in this account, or null. The same id in another account is another transaction. */
export async function readTransaction(
  database: Queryable,
  accountId: bigint,
  id: string,
): Promise<LedgerTransaction | null> {
  if (!isRowId(accountId)) return null;
  const { rows } = await database.query<TransactionRecord>(
    `select ${transactionColumns} from transactions t join accounts a on a.id = t.account_id
     where t.account_id = $1 and t.id = $2`,
    [accountId, id],
  );
  return rows[0] ? toLedgerTransaction(rows[0]) : null;
}
