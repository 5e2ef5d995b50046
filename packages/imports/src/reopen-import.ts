import type { Database } from '@passbook/database';
import { completeImport, type ReportsDue } from './complete-import.js';

/**
 * Lets a stopped import go on where it was, unless a dead letter other than the given one still holds it. If all its
 * chunks are loaded by now, this completes it.
 * @param exceptLetterNo the letter that is about to be replayed
 * @returns whether the import is complete with this
 */
export async function reopenImport(
  database: Database,
  importNo: number,
  exceptLetterNo: number,
  reportsDue: ReportsDue,
): Promise<boolean> {
  return database.withTransaction(async (trx) => {
    const { rows } = await trx.query<{ isComplete: boolean }>(
      `update imports
       set state = case when chunks_sent is null then 'reading' else 'chunked' end, stopped_reason = null, grown_at = now()
       where no = $1 and state = 'stopped' and not exists (
         select 1 from dead_letters l where l.import_no = $1 and l.settlement is null and l.no <> $2)
       returning coalesce(chunks_loaded = chunks_sent, false) as "isComplete"`,
      [importNo, exceptLetterNo],
    );
    return rows[0]?.isComplete === true && completeImport(trx, importNo, reportsDue);
  });
}
