import type { Queryable, Transaction } from '@passbook/database';
import { LeaseLostError } from './lease.js';

/** What `error.json` says of a refused file, beside its name and hash. */
export interface Refusal {
  code: string;
  message: string;
  line: number | null;
  byteOffset: number | null;
  hint: string;
}

/** Why a file was refused, and the way out: sentences. */
export function explainRefusal({ message, hint }: Pick<Refusal, 'message' | 'hint'>): string {
  return `${message} ${hint}`;
}

/** One time that a file was dropped. */
export interface Drop {
  no: number;
  importNo: number;
  /** Absolute. */
  path: string;
  stays: boolean;
  copyName: string;
  finalName: string | null;
  refusal: Refusal | null;
  state: 'waiting' | 'moving' | 'done';
}

const dropColumns = `
  no, import_no as "importNo", path, stays, copy_name as "copyName", final_name as "finalName", refusal, state`;

/**
 * Records that a file was dropped. A drop of the same bytes and path that is not finished yet is the same drop
 * (a chunker that starts again meets its own file): it is returned, with the private copy it has.
 */
export async function recordDrop(
  trx: Transaction,
  drop: { importNo: number; path: string; stays: boolean; copyName: string; refusal: Refusal | null },
): Promise<{ drop: Drop; isNew: boolean }> {
  for (;;) {
    const { rowCount } = await trx.query(
      `insert into drops (import_no, path, stays, copy_name, refusal) values ($1, $2, $3, $4, $5)
       on conflict (import_no, path) where state <> 'done' do nothing`,
      [drop.importNo, drop.path, drop.stays, drop.copyName, drop.refusal],
    );
    const { rows } = await trx.query<Drop>(
      `select ${dropColumns} from drops where import_no = $1 and path = $2 and state <> 'done'`,
      [drop.importNo, drop.path],
    );
    // None: another chunker has finished the one that was in the way, between the two statements.
    if (rows[0]) return { drop: rows[0], isNew: rowCount === 1 };
  }
}

/** The id of the import of a file that was dropped from a path, and is not at its end: a chunker that starts again meets it. */
export async function findOpenImport(
  database: Queryable,
  path: string,
  sha256: string,
): Promise<string | null> {
  const { rows } = await database.query<{ id: string }>(
    `select i.id from drops d join imports i on i.no = d.import_no
     where d.path = $1 and i.sha256 = $2 and d.state <> 'done' and d.refusal is null order by d.no desc limit 1`,
    [path, sha256],
  );
  return rows[0]?.id ?? null;
}

/** @throws when there is no drop of that number */
export async function readDrop(database: Queryable, dropNo: number): Promise<Drop> {
  const { rows } = await database.query<Drop>(`select ${dropColumns} from drops where no = $1`, [dropNo]);
  if (!rows[0]) throw new Error(`There is no drop ${dropNo}.`);
  return rows[0];
}

/** The drops of an import that are not finished, the oldest first. */
export async function listOpenDrops(database: Queryable, importNo: number): Promise<Drop[]> {
  const { rows } = await database.query<Drop>(
    `select ${dropColumns} from drops where import_no = $1 and state <> 'done' order by no`,
    [importNo],
  );
  return rows;
}

/**
 * Gives a drop another private copy (the first one is gone).
 * @returns false when the drop is done by now: then it needs none
 */
export async function replaceCopy(database: Queryable, dropNo: number, copyName: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `update drops set copy_name = $2 where no = $1 and state <> 'done'`,
    [dropNo, copyName],
  );
  return rowCount === 1;
}

/**
 * Stores the name that the file is about to be moved to.
 * @throws a unique violation of `drops_final_name` when another file is on its way to that name, and LeaseLostError
 */
export async function reserveFinalName(
  database: Queryable,
  dropNo: number,
  token: string,
  finalName: string,
): Promise<void> {
  const { rowCount } = await database.query(
    `update drops d set final_name = $3, state = 'moving' where ${heldOpen}`,
    [dropNo, token, finalName],
  );
  if (rowCount !== 1) throw new LeaseLostError();
}

/** @throws LeaseLostError */
export async function finishDrop(database: Queryable, dropNo: number, token: string): Promise<void> {
  const { rowCount } = await database.query(`update drops d set state = 'done' where ${heldOpen}`, [
    dropNo,
    token,
  ]);
  if (rowCount !== 1) throw new LeaseLostError();
}

/** The drop is not finished, and we hold the lease: a chunker that was asleep for long must not open it again. */
const heldOpen = `d.no = $1 and d.state <> 'done'
  and exists (select 1 from imports i where i.no = d.import_no and i.lease_token = $2)`;

/** The names of all private copies that an unfinished drop needs. */
export async function listCopies(database: Queryable): Promise<Set<string>> {
  const { rows } = await database.query<{ copyName: string }>(
    `select copy_name as "copyName" from drops where state <> 'done'`,
  );
  return new Set(rows.map((row) => row.copyName));
}
