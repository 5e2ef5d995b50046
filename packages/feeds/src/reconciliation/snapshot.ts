import type { Queryable, Transaction } from '@passbook/database';
import type { Reconciliation } from './reconciliation-definition.js';

/**
 * Which rows a report is over, and by which rules. Rows are only ever added, and a load that comes to count later has a greater
 * number: so a snapshot means the same rows at any time, whoever renders it.
 */
export interface ReconciliationSnapshot {
  reconciliation: Reconciliation;
  /** The number of the newest load of both feeds: all loads up to it count. As text: it is a bigint. */
  newestLoad: string;
  /** When that came to count; RFC 3339 in UTC. */
  asOf: string;
  /** `YYYY-MM-DD` of it, in the time zone of the installation. */
  day: string;
}

/** Raised when the files of the report look otherwise. */
const TEMPLATE_VERSION = 1;

/** What there is to reconcile now; null when neither feed has a load. */
export async function takeSnapshot(
  database: Queryable,
  reconciliation: Reconciliation,
): Promise<ReconciliationSnapshot | null> {
  const { rows } = await database.query<Omit<ReconciliationSnapshot, 'reconciliation'>>(
    `select no::text as "newestLoad", loaded_at as "asOf",
            to_char(loaded_at at time zone coalesce((select value from installation where name = 'TIME_ZONE'), 'UTC'),
                    'YYYY-MM-DD') as day
     from feed_loads where feed = any($1) order by no desc limit 1`,
    [[reconciliation.customer.feed, reconciliation.repository.feed]],
  );
  return rows[0] ? { reconciliation, ...rows[0] } : null;
}

/** Makes the report of an import due that has just come to count, in the transaction in which it does. */
export async function makeReconciliationDue(
  trx: Transaction,
  reconciliation: Reconciliation,
  importNo: number,
): Promise<void> {
  await trx.query(
    `insert into reports (import_no, account_id, template_version, snapshot) values ($1, null, $2, $3)
     on conflict (import_no, account_id) do nothing`,
    [importNo, TEMPLATE_VERSION, JSON.stringify(await takeSnapshot(trx, reconciliation))],
  );
}
