import type { Database, Transaction } from '@passbook/database';
import { completeImport, type ReportsDue } from './complete-import.js';

/** Whoever buries or settles a letter of an import locks the import first: so two of them never overlook each other. */
export async function lockImport(trx: Transaction, importNo: number): Promise<void> {
  await trx.query('select from imports where no = $1 for no key update', [importNo]);
}

/**
 * Says that a dead letter was handled, or is of no use. With the last open one of a stopped import, the import goes on where
 * it was; if all its chunks are loaded by now, this completes it. All of it or nothing.
 * @param letter as it was read: if it was buried again since, it stays open, and nothing happens
 * @param reportsDue of the import's feed; null when the letter belongs to no import
 */
export async function settleDeadLetter(
  database: Database,
  letter: { no: number; importNo: number | null; deaths: number },
  settlement: 'replayed' | 'discarded',
  reportsDue: ReportsDue | null,
): Promise<{ isSettled: boolean; isImportComplete: boolean }> {
  const { no, importNo, deaths } = letter;
  return database.withTransaction(async (trx) => {
    if (importNo !== null) await lockImport(trx, importNo);
    const { rowCount } = await trx.query(
      `update dead_letters set settlement = $3, settled_at = now() where no = $1 and deaths = $2`,
      [no, deaths, settlement],
    );
    if (rowCount !== 1) return { isSettled: false, isImportComplete: false };
    if (importNo === null || reportsDue === null) return { isSettled: true, isImportComplete: false };
    return { isSettled: true, isImportComplete: await reopenImport(trx, importNo, reportsDue) };
  });
}

/** @returns whether the import is complete with this */
async function reopenImport(trx: Transaction, importNo: number, reportsDue: ReportsDue): Promise<boolean> {
  const { rows } = await trx.query<{ isComplete: boolean }>(
    `update imports
     set state = case when chunks_sent is null then 'reading' else 'chunked' end, stopped_reason = null, grown_at = now()
     where no = $1 and state = 'stopped' and not exists (
       select 1 from dead_letters l where l.import_no = $1 and l.settlement is null)
     returning coalesce(chunks_loaded = chunks_sent, false) as "isComplete"`,
    [importNo],
  );
  return rows[0]?.isComplete === true && completeImport(trx, importNo, reportsDue);
}
