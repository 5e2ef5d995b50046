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

/** Stands for the snapshot of a report that was not begun before a newer one was due: its page leads there. */
export interface OvertakenReport {
  overtakenBy: { importId: string; fileName: string };
}

/**
 * How long a report waits for files of its reconciliation that are being loaded, and whose rows it would miss. They may be stuck:
 * then it is written without them. Less than it takes to be told as stale.
 */
const WAIT_SECONDS = 30;

/**
 * Makes the report of an import due that has just come to count, in the transaction in which it does. Those of earlier imports that
 * nobody has begun lead to it from now on: of files that are dropped together only the last writes all discrepancies. They wait
 * with it, and it waits no longer than the first of them would have. Loads of both feeds come one after the other.
 */
export async function makeReconciliationDue(
  trx: Transaction,
  reconciliation: Reconciliation,
  importNo: number,
): Promise<void> {
  const feeds = [reconciliation.customer.feed, reconciliation.repository.feed];
  await trx.query(
    `insert into reports (import_no, account_id, template_version, snapshot, lease_until)
     select $1, null, $2, $3, case when exists (
       select from imports where feed = any($4) and state in ('reading', 'chunked')
     ) then least(now() + make_interval(secs => $5), (
       select min(r.lease_until) from reports r join imports own on own.no = r.import_no
       where own.feed = any($4) and r.state = 'due' and r.lease_token is null)) end
     on conflict (import_no, account_id) do nothing`,
    [
      importNo,
      TEMPLATE_VERSION,
      JSON.stringify(await takeSnapshot(trx, reconciliation)),
      feeds,
      WAIT_SECONDS,
    ],
  );
  await trx.query(
    `update reports r
     set snapshot = jsonb_build_object('overtakenBy', jsonb_build_object('importId', newer.id, 'fileName', newer.file_name)),
         lease_until = last.lease_until
     from imports own, imports newer join reports last on last.import_no = newer.no
     where own.no = r.import_no and own.feed = any($2) and newer.no = $1 and r.import_no <> $1
       and r.state = 'due' and r.lease_token is null and r.snapshot ?| array['reconciliation', 'overtakenBy']`,
    [importNo, feeds],
  );
}
