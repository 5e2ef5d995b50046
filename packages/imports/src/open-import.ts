import type { Transaction } from '@passbook/database';
import { importColumns, type Chunking, type Import } from './import.js';

/** What is known of a file's bytes before the database is asked. */
export interface FileContent {
  importId: string;
  fileName: string;
  sha256: string;
  sizeBytes: bigint;
  feed: string | null;
  scope: string;
  chunking: Chunking;
  locale: string;
  /** The id of the import whose quarantined rows these are, mended; it may be one that is not here. */
  corrects: string | null;
}

/**
 * The import of these bytes: the one that is there, or a new one in state `reading`.
 * One that was refused or held posted nothing, and is opened again.
 */
export async function openImport(trx: Transaction, file: FileContent): Promise<Import> {
  // Held under another scope: nobody knew then whose rows they are. Now it is the import below.
  await trx.query(`delete from imports where sha256 = $1 and state = 'held' and id <> $2`, [
    file.sha256,
    file.importId,
  ]);
  await trx.query(
    `insert into imports (id, file_name, sha256, size_bytes, feed, scope, chunking, locale, corrects, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, (select id from imports where id = $9), 'reading')
     on conflict (id) do update
       set state = 'reading', refused_code = null, stopped_reason = null, chunking = excluded.chunking, locale = excluded.locale,
           corrects = excluded.corrects, loaded_at = null, grown_at = now()
       where imports.state in ('refused', 'held')`,
    [
      file.importId,
      file.fileName,
      file.sha256,
      file.sizeBytes,
      file.feed,
      file.scope,
      file.chunking,
      file.locale,
      file.corrects,
    ],
  );
  const { rows } = await trx.query<Import>(`select ${importColumns} from imports where id = $1`, [
    file.importId,
  ]);
  return rows[0]!;
}

/** Marks an import as refused; one that was opened in another way by now is left as it is. */
export async function refuseImport(trx: Transaction, importNo: number, code: string): Promise<void> {
  await trx.query(
    `update imports set state = 'refused', refused_code = $2, loaded_at = now() where no = $1 and state in ('reading', 'refused')`,
    [importNo, code],
  );
}

/**
 * Marks an import as held: nobody can say yet what its file means, and nothing of it is read.
 * @returns false when somebody reads it already, or has read it: what it means was known then
 */
export async function holdImport(
  trx: Transaction,
  importNo: number,
  hold: { code: string; message: string; hint: string },
): Promise<boolean> {
  const { rowCount } = await trx.query(
    `update imports set state = 'held', refused_code = $2, stopped_reason = $3
     where no = $1 and state = 'reading' and not exists (select from drops where import_no = $1)`,
    [importNo, hold.code, `${hold.message} ${hold.hint}`],
  );
  return rowCount === 1;
}
