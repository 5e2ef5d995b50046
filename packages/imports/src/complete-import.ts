import type { Transaction } from '@passbook/database';
import { writeEvent } from '@passbook/ledger';

/** Inserts the reports that an import makes due, in the transaction that completes it. A feed gives it. */
export type ReportsDue = (trx: Transaction, importNo: number) => Promise<void>;

/**
 * Sets an import `loaded` and makes its reports due. Called in the transaction whose update of `imports` saw
 * chunks_loaded = chunks_sent, as a statement of its own: only so does it see what the transaction before it wrote.
 * An import that does not foot is stopped instead: its file stays where it is, and it says so.
 * @returns whether it is loaded
 */
export async function completeImport(
  trx: Transaction,
  importNo: number,
  reportsDue: ReportsDue,
): Promise<boolean> {
  const { rows } = await trx.query<Completed>(
    `update imports
     set state = case when foots then 'loaded' else 'stopped' end,
         loaded_at = case when foots then now() end, grown_at = now(),
         stopped_reason = case when foots then null else
           'The import does not foot: of ' || rows_read || ' rows ' || rows_posted || ' were posted, ' || rows_duplicate ||
           ' are duplicates and ' || rows_invalid + rows_conflict || ' are quarantined.' end
     from (select no as checked, rows_read = rows_posted + rows_duplicate + rows_invalid + rows_conflict as foots
           from imports where no = $1) as footing
     where no = checked
     returning state, id, feed, rows_read as "rowsRead", rows_posted as "rowsPosted", rows_duplicate as "rowsDuplicate",
       rows_invalid + rows_conflict as "rowsQuarantined"`,
    [importNo],
  );
  const completed = rows[0];
  if (completed?.state !== 'loaded') return false;
  await reportsDue(trx, importNo);
  await writeEvent(trx, {
    type: 'import_loaded',
    accountId: null,
    data: {
      importId: completed.id,
      feed: completed.feed,
      rowsRead: Number(completed.rowsRead),
      rowsPosted: Number(completed.rowsPosted),
      rowsDuplicate: Number(completed.rowsDuplicate),
      rowsQuarantined: Number(completed.rowsQuarantined),
    },
  });
  return true;
}

interface Completed {
  state: string;
  id: string;
  feed: string;
  rowsRead: bigint;
  rowsPosted: bigint;
  rowsDuplicate: bigint;
  rowsQuarantined: bigint;
}
