import { basename } from 'node:path';
import type { Queryable } from '@passbook/database';
import { explainRefusal, type Refusal } from './drop.js';
import { importColumns, type Import, type ImportState } from './import.js';

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

/** What became of an import, for people. Counts are of rows. */
export interface ImportSummary {
  no: number;
  importId: string;
  file: string;
  sha256: string;
  /** Null when no feed knows the file: then it is refused. */
  feed: string | null;
  state: ImportState;
  /** Why it is stopped, held or refused: a sentence with the way out. */
  reason: string | null;
  /** What people are to know of a loaded one. */
  note: string | null;
  /** The code of that, of a held or refused one. */
  reasonCode: string | null;
  /** What `error.json` says, of a refused file. */
  refusal: Refusal | null;
  /** The names under which a refused file was dropped, the newest first, each with what its `error.json` says; the newest 20. */
  refusals: { file: string; refusal: Refusal; finalName: string | null }[];
  chunksSent: number | null;
  chunksLoaded: number;
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsQuarantined: number;
  contradictions: number;
  reportsDue: number;
  reports: number;
  /** The name in processed/ or quarantine/ of its last drop that is done. */
  finalName: string | null;
  /** The id of the import whose quarantined rows it has, mended. */
  corrects: string | null;
  /** The name in quarantine/ of the file of its bad rows, when there are any. */
  rowsName: string | null;
  startedAt: string;
  finishedAt: string | null;
}

/** The newest imports first. @param beforeNo only those that are older than this one */
export async function listImports(
  database: Queryable,
  limit: number,
  beforeNo: number | null = null,
): Promise<ImportSummary[]> {
  const { rows } = await database.query<StoredSummary>(
    `${selectSummary} where $2::integer is null or i.no < $2 order by i.no desc limit $1`,
    [limit, beforeNo],
  );
  return rows.map(toSummary);
}

/** Null when there is no import of that id. @param importId a UUID */
export async function readImportSummary(
  database: Queryable,
  importId: string,
): Promise<ImportSummary | null> {
  const { rows } = await database.query<StoredSummary>(`${selectSummary} where i.id = $1`, [importId]);
  return rows[0] ? toSummary(rows[0]) : null;
}

/** Of these bytes nothing is read before a person has decided: the import that says so, or null. @param sha256 hexadecimal */
export async function readHeldImport(database: Queryable, sha256: string): Promise<ImportSummary | null> {
  const { rows } = await database.query<StoredSummary>(
    `${selectSummary} where i.sha256 = $1 and i.state = 'held' order by i.no desc limit 1`,
    [sha256],
  );
  return rows[0] ? toSummary(rows[0]) : null;
}

const counts = [
  'rowsRead',
  'rowsPosted',
  'rowsDuplicate',
  'rowsQuarantined',
  'contradictions',
  'reportsDue',
  'reports',
] as const;

type Count = (typeof counts)[number];
type StoredSummary = Omit<ImportSummary, Count | 'reason' | 'refusal' | 'refusals'> &
  Record<Count, bigint> & {
    stoppedReason: string | null;
    refusals: { path: string; refusal: Refusal; finalName: string | null }[] | null;
  };

/** The same bytes may be refused under a new name every day. */
const REFUSALS_SHOWN = 20;

const selectSummary = `
  select i.no, i.id as "importId", i.file_name as file, i.sha256, i.feed, i.state, i.stopped_reason as "stoppedReason",
         i.refused_code as "reasonCode", i.note,
         case when i.state = 'refused' then
           (select json_agg(named order by named.no desc) from (
              select d.no, d.path, d.refusal, d.final_name as "finalName" from drops d
              where d.import_no = i.no and d.refusal is not null
                and not exists (select from drops later where later.import_no = d.import_no and later.path = d.path and later.no > d.no)
              order by d.no desc limit ${REFUSALS_SHOWN}) named)
         end as refusals,
         i.chunks_sent as "chunksSent", i.chunks_loaded as "chunksLoaded",
         i.rows_read as "rowsRead", i.rows_posted as "rowsPosted", i.rows_duplicate as "rowsDuplicate",
         i.rows_invalid + i.rows_conflict as "rowsQuarantined", i.contradictions,
         (select count(*) from reports r where r.import_no = i.no and r.state = 'due') as "reportsDue",
         (select count(*) from reports r where r.import_no = i.no) as reports,
         (select d.final_name from drops d where d.import_no = i.no and d.state = 'done' order by d.no desc limit 1) as "finalName",
         case when i.rows_invalid + i.rows_conflict > 0 then
           (select d.final_name || '.rows.csv' from drops d
            where d.import_no = i.no and d.refusal is null and d.state = 'done' order by d.no limit 1)
         end as "rowsName",
         i.corrects,
         i.started_at as "startedAt", i.loaded_at as "finishedAt"
  from imports i`;

function toSummary({ stoppedReason, refusals: refused, ...row }: StoredSummary): ImportSummary {
  const numbers = Object.fromEntries(counts.map((name) => [name, Number(row[name])])) as Record<
    Count,
    number
  >;
  const refusals = (refused ?? []).map(({ path, refusal, finalName }) => ({
    file: basename(path),
    refusal,
    finalName,
  }));
  const refusal = refusals[0]?.refusal ?? null;
  return { ...row, ...numbers, refusal, refusals, reason: refusal ? explainRefusal(refusal) : stoppedReason };
}
