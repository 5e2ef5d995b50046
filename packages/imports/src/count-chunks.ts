import type { Queryable, Transaction } from '@passbook/database';
import { completeImport, type ReportsDue } from './complete-import.js';
import type { ImportState } from './import.js';

/** A chunk by its name: which import, which number, which content. */
export interface ChunkIdentity {
  importNo: number;
  chunkNo: number;
  payloadSha256: string;
}

/** What a batch did to one import. */
export interface ImportProgress {
  importNo: number;
  chunksLoaded: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsConflict: number;
  contradictions: number;
}

/** The states of imports by number, with their ids: a chunk must name an import that is here. */
export async function readImportStates(
  database: Queryable,
  importNos: readonly number[],
): Promise<Map<number, { id: string; state: ImportState }>> {
  const { rows } = await database.query<{ no: number; id: string; state: ImportState }>(
    'select no, id, state from imports where no = any($1)',
    [importNos],
  );
  return new Map(rows.map(({ no, id, state }) => [no, { id, state }]));
}

/**
 * The first statement of a batch: claims its chunks, sorted, so that two processors with one chunk wait for each other
 * and never deadlock.
 * @returns `fresh`: chunks to load now; `altered`: chunks that were loaded with another content; the rest are repeats
 */
export async function claimChunks<Chunk extends ChunkIdentity>(
  trx: Transaction,
  chunks: readonly Chunk[],
): Promise<{ fresh: Chunk[]; altered: Chunk[] }> {
  const parameters = [
    chunks.map((chunk) => chunk.importNo),
    chunks.map((chunk) => chunk.chunkNo),
    chunks.map((chunk) => chunk.payloadSha256),
  ];
  const { rows: claimed } = await trx.query<{ at: bigint }>(
    `with given as (
       select * from unnest($1::integer[], $2::integer[], $3::text[]) with ordinality as g (import_no, chunk_no, sha256, at)
     ), claimed as (
       insert into loaded_chunks (import_no, chunk_no, payload_sha256)
       select distinct on (import_no, chunk_no) import_no, chunk_no, decode(sha256, 'hex') from given
       order by import_no, chunk_no, at
       on conflict do nothing
       returning import_no, chunk_no
     )
     select min(at) as at from given join claimed using (import_no, chunk_no) group by import_no, chunk_no`,
    parameters,
  );
  const fresh = new Set(claimed.map((row) => Number(row.at) - 1));
  if (fresh.size === chunks.length) return { fresh: [...chunks], altered: [] };
  const { rows: differing } = await trx.query<{ at: bigint }>(
    `select at from unnest($1::integer[], $2::integer[], $3::text[]) with ordinality as g (import_no, chunk_no, sha256, at)
     join loaded_chunks l using (import_no, chunk_no) where l.payload_sha256 <> decode(g.sha256, 'hex')`,
    parameters,
  );
  const altered = new Set(differing.map((row) => Number(row.at) - 1));
  return {
    fresh: chunks.filter((_, at) => fresh.has(at)),
    altered: chunks.filter((_, at) => altered.has(at)),
  };
}

/**
 * The last statements of a batch: add its counts. Everything that touches many rows comes before them, because these rows are
 * the ones that all processors of an import share. What completes comes after all of them: feeds lock what their imports share.
 * @returns the imports that this batch completed
 */
export async function countChunks(
  trx: Transaction,
  progress: readonly ImportProgress[],
  reportsDueOf: (importNo: number) => ReportsDue,
): Promise<number[]> {
  const full: number[] = [];
  for (const one of [...progress].sort((a, b) => a.importNo - b.importNo)) {
    const { rows } = await trx.query<{ isComplete: boolean | null }>(
      `update imports
       set chunks_loaded = chunks_loaded + $2, rows_posted = rows_posted + $3, rows_duplicate = rows_duplicate + $4,
           rows_conflict = rows_conflict + $5, contradictions = contradictions + $6, grown_at = now()
       where no = $1 and state in ('reading', 'chunked', 'stopped')
       returning state = 'chunked' and chunks_loaded = chunks_sent as "isComplete"`,
      [
        one.importNo,
        one.chunksLoaded,
        one.rowsPosted,
        one.rowsDuplicate,
        one.rowsConflict,
        one.contradictions,
      ],
    );
    if (rows.length === 0) throw new Error(`Import ${one.importNo} takes no chunks any more.`);
    if (rows[0]!.isComplete) full.push(one.importNo);
  }
  const completed: number[] = [];
  for (const importNo of full)
    if (await completeImport(trx, importNo, reportsDueOf(importNo))) completed.push(importNo);
  return completed;
}
