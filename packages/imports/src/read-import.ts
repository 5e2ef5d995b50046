import type { Queryable } from '@passbook/database';
import { importColumns, type Import } from './import.js';

/** @throws when there is no import of that number: a bug, for imports are never deleted */
export async function readImport(database: Queryable, importNo: number): Promise<Import> {
  const { rows } = await database.query<Import>(`select ${importColumns} from imports where no = $1`, [
    importNo,
  ]);
  if (!rows[0]) throw new Error(`There is no import ${importNo}.`);
  return rows[0];
}

/** Whether there is an import of this id that was begun: none that is held or refused. */
export async function hasImport(database: Queryable, importId: string): Promise<boolean> {
  return (
    (
      await database.query(`select from imports where id = $1 and state not in ('held', 'refused')`, [
        importId,
      ])
    ).rows.length > 0
  );
}

/** The imports whose id begins so, the newest first; two at most: more than one is one too many. @param start of a UUID */
export async function findImports(database: Queryable, start: string): Promise<Import[]> {
  const { rows } = await database.query<Import>(
    `select ${importColumns} from imports where id::text like $1 || '%' order by no desc limit 2`,
    [start.toLowerCase()],
  );
  return rows;
}

/** One line of `passbook status` and of the page. Counts are of rows. */
export interface ImportSummary {
  no: number;
  importId: string;
  file: string;
  state: string;
  reason: string | null;
  chunksSent: number | null;
  chunksLoaded: number;
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsQuarantined: number;
  reportsDue: number;
  reports: number;
  /** The receipt or error file of its first drop, once it is there. */
  finalName: string | null;
  /** The id of the import whose quarantined rows it has, mended. */
  corrects: string | null;
  startedAt: string;
  finishedAt: string | null;
}

type Counts = 'rowsRead' | 'rowsPosted' | 'rowsDuplicate' | 'rowsQuarantined' | 'reportsDue' | 'reports';

/** The newest imports first. */
export async function listImports(database: Queryable, limit: number): Promise<ImportSummary[]> {
  const { rows } = await database.query<Omit<ImportSummary, Counts> & Record<Counts, bigint>>(
    `select i.no, i.id as "importId", i.file_name as file, i.state, coalesce(i.stopped_reason, i.refused_code) as reason,
            i.chunks_sent as "chunksSent", i.chunks_loaded as "chunksLoaded",
            i.rows_read as "rowsRead", i.rows_posted as "rowsPosted", i.rows_duplicate as "rowsDuplicate",
            i.rows_invalid + i.rows_conflict as "rowsQuarantined",
            (select count(*) from reports r where r.import_no = i.no and r.state = 'due') as "reportsDue",
            (select count(*) from reports r where r.import_no = i.no) as reports,
            (select d.final_name from drops d where d.import_no = i.no and d.state = 'done' order by d.no desc limit 1) as "finalName",
            i.corrects,
            i.started_at as "startedAt", i.loaded_at as "finishedAt"
     from imports i order by i.no desc limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    ...row,
    rowsRead: Number(row.rowsRead),
    rowsPosted: Number(row.rowsPosted),
    rowsDuplicate: Number(row.rowsDuplicate),
    rowsQuarantined: Number(row.rowsQuarantined),
    reportsDue: Number(row.reportsDue),
    reports: Number(row.reports),
  }));
}
