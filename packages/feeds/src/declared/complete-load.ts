import type { Transaction } from '@passbook/database';
import type { ReportsDue } from '@passbook/imports';
import type { Reconciliation } from '../reconciliation/reconciliation-definition.js';
import { makeReconciliationDue } from '../reconciliation/snapshot.js';
import type { FeedDefinition } from './definition.js';
import { countFigures, readReportRows } from './report-figures.js';

/** Raised when the pages of the report look otherwise. */
const REPORT_TEMPLATE_VERSION = 2;

/** What is said of such an import in its receipt. */
const SUPERSEDED =
  'A file that was dropped later was loaded before this one: its rows are those that count, and those of this file are not.';

/** All that a report says, as it is stored with it. */
export interface ReportSnapshot {
  title: string;
  /** Of the CSV file. */
  fileName: string;
  /** `YYYY-MM-DD`: the day of the load, or of the rollback. */
  day: string;
  columns: string[];
  rows: string[][];
  mode: FeedDefinition['mode'];
  counts: { rowsRead: number; rowsPosted: number; rowsDuplicate: number; rowsQuarantined: number };
  /** A file that was dropped later was loaded before: the rows of this import are not those that count. */
  isSuperseded: boolean;
}

/**
 * What completes an import of a declared feed, in the transaction that completes it: from its commit on the rows count, in a
 * feed that replaces instead of those before. Loads of one feed complete one after the other: the report of the later one
 * knows the earlier.
 */
export function makeCompletion(
  definition: FeedDefinition,
  reconciliation: Reconciliation | null,
): ReportsDue {
  return async (trx, importNo) => {
    // Nobody changes the rows of an import that is complete: several are counted at once.
    const figures = await countFigures(trx, definition, importNo);
    await lockFeeds(trx, feedsTogether(definition, reconciliation));
    await trx.query(
      `insert into feed_loads (import_no, feed, scope, rows_read, rows_posted, figures)
       select no, feed, scope, rows_read, rows_posted, $2 from imports where no = $1`,
      [importNo, JSON.stringify(figures)],
    );
    const isSuperseded = definition.mode === 'replace' && !(await switchVersion(trx, importNo));
    if (isSuperseded) await trx.query('update imports set note = $2 where no = $1', [importNo, SUPERSEDED]);
    if (reconciliation) await makeReconciliationDue(trx, reconciliation, importNo);
    else await makeReportDue(trx, definition, importNo, { isSuperseded });
  };
}

/** Whose loads come one after the other: a feed's own, and those of the feed that it is reconciled with. */
export function feedsTogether({ name }: FeedDefinition, reconciliation: Reconciliation | null): string[] {
  return reconciliation ? [reconciliation.customer.feed, reconciliation.repository.feed] : [name];
}

/** Nobody else completes a load of these feeds, or goes back to a version, before this transaction ends. */
export async function lockFeeds(trx: Transaction, feeds: readonly string[]): Promise<void> {
  await trx.query('select from declared_feeds where name = any($1) order by name for no key update', [feeds]);
}

/**
 * Makes an import the current version of its scope, in one statement: readers see the one before, or this one.
 * @returns false when a file that was dropped later is current already
 */
async function switchVersion(trx: Transaction, importNo: number): Promise<boolean> {
  const { rowCount } = await trx.query(
    `insert into feed_versions (feed, scope, current) select feed, scope, no from imports where no = $1
     on conflict (feed, scope) do update
       set previous = feed_versions.current, current = excluded.current, switches = feed_versions.switches + 1,
           switched_at = now()
       where feed_versions.current < excluded.current`,
    [importNo],
  );
  return rowCount === 1;
}

/** Makes the report of an import due, or due again, with the figures of all scopes as they are now. */
export async function makeReportDue(
  trx: Transaction,
  definition: FeedDefinition,
  importNo: number,
  { isSuperseded }: { isSuperseded: boolean },
): Promise<void> {
  const { report } = definition;
  if (!report) return;
  const { rows } = await trx.query<ReportSnapshot['counts'] & { day: string }>(
    `select to_char(now() at time zone (chunking->>'timeZone'), 'YYYY-MM-DD') as day,
            rows_read::double precision as "rowsRead", rows_posted::double precision as "rowsPosted",
            rows_duplicate::double precision as "rowsDuplicate",
            (rows_invalid + rows_conflict)::double precision as "rowsQuarantined"
     from imports where no = $1`,
    [importNo],
  );
  const { day, ...counts } = rows[0]!;
  const snapshot: ReportSnapshot = {
    title: report.title,
    fileName: report.fileName.replaceAll('{date}', day.replaceAll('-', '')),
    day,
    columns: report.columns.map(({ name }) => name),
    rows: await readReportRows(trx, definition),
    mode: definition.mode,
    counts,
    isSuperseded,
  };
  await trx.query(
    `insert into reports (import_no, account_id, template_version, snapshot) values ($1, null, $2, $3)
     on conflict (import_no, account_id) do update
       set snapshot = excluded.snapshot, state = 'due', lease_token = null, lease_until = null`,
    [importNo, REPORT_TEMPLATE_VERSION, JSON.stringify(snapshot)],
  );
}
