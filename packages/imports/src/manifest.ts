import type { Database, Queryable } from '@passbook/database';
import { completeImport, type ReportsDue } from './complete-import.js';

/** What the chunker knows when every chunk is on the bus. */
export interface Manifest {
  chunksSent: number;
  rowsRead: number;
  rowsInvalid: number;
}

/**
 * Says how many chunks there are, once the bus has acknowledged all of them; completes the import if the last of them is
 * loaded already. Only the holder of the lease can, and only once.
 * A chunker that lost its lease, or whose import is past this step, writes nothing.
 * @returns whether this completed the import: then its reports are due
 */
export async function recordManifest(
  database: Database,
  importNo: number,
  token: string,
  manifest: Manifest,
  reportsDue: ReportsDue,
): Promise<boolean> {
  return database.withTransaction(async (trx) => {
    const { rows } = await trx.query<{ isComplete: boolean }>(
      `update imports
       set state = case state when 'reading' then 'chunked' else state end,
           chunks_sent = $3, rows_read = $4, rows_invalid = $5, chunked_at = now(), grown_at = now()
       where no = $1 and lease_token = $2 and state in ('reading', 'stopped') and chunks_sent is null
       returning state = 'chunked' and chunks_loaded = chunks_sent as "isComplete"`,
      [importNo, token, manifest.chunksSent, manifest.rowsRead, manifest.rowsInvalid],
    );
    const row = rows[0];
    return row?.isComplete === true && completeImport(trx, importNo, reportsDue);
  });
}

/** Those of the chunks between two numbers (both included) that are in the ledger: a repair sends the others. */
export async function listLoadedChunks(
  database: Queryable,
  importNo: number,
  first: number,
  last: number,
): Promise<Set<number>> {
  const { rows } = await database.query<{ no: number }>(
    'select chunk_no as no from loaded_chunks where import_no = $1 and chunk_no between $2 and $3',
    [importNo, first, last],
  );
  return new Set(rows.map((row) => row.no));
}
