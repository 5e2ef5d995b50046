import { copyIn, RefusedDataError, type Transaction } from '@passbook/database';
import { copyExceptions, type Fault, type RowException } from '@passbook/imports';
import type { LoadOutcome, PreparedChunk } from '../feed.js';
import { fault } from '../transactions/check-cell.js';
import { prefixRows, type ChunkRows } from './chunk-rows.js';
import type { FeedDefinition } from './definition.js';
import { quote, tableOf } from './feed-table.js';

/*
 * Rows into the table of their feed, in the caller's transaction.
 *
 * Direct: COPY straight into it. Any key that is there already ends the transaction with a unique violation.
 * Staged: the caller rolls back and runs the same batch again. The rows go through a temporary table, and those whose key is
 * taken stay out: a duplicate if all of the row is the same, else a conflict.
 */

/** A chunk whose rows are read. */
export interface DeclaredChunk extends PreparedChunk {
  content: ChunkRows;
}

/** @throws RefusedDataError when a line of an import comes a second time, and what Postgres says of the rows */
export async function loadDeclaredChunks(
  trx: Transaction,
  definition: FeedDefinition,
  chunks: readonly DeclaredChunk[],
  way: 'direct' | 'staged',
): Promise<LoadOutcome[]> {
  if (way === 'direct') {
    await copyRows(trx, quote(tableOf(definition.name)), chunks);
    return sumUp(chunks, []);
  }
  const exceptions = await loadStaged(trx, definition, chunks);
  if (exceptions.length > 0) await copyExceptions(trx, exceptions);
  return sumUp(chunks, exceptions);
}

export type ImportException = RowException & { importNo: number };

/** Chunks that were made by an older definition may have fewer columns: each kind is a COPY of its own. */
async function copyRows(trx: Transaction, table: string, chunks: readonly DeclaredChunk[]): Promise<void> {
  const kinds = new Map<string, DeclaredChunk[]>();
  for (const chunk of chunks) {
    const columns = chunk.content.columns.map(quote).join(', ');
    kinds.set(columns, [...(kinds.get(columns) ?? []), chunk]);
  }
  for (const [columns, own] of kinds) {
    const copied = await copyIn(trx, `copy ${table} (import_no, line, ${columns}) from stdin`, piecesOf(own));
    expectRows(copied, own);
  }
}

function* piecesOf(chunks: readonly DeclaredChunk[]): Generator<Buffer> {
  for (const { importNo, content } of chunks) yield* prefixRows(importNo, content.rows);
}

/** Loads rows of which some may be taken. @returns those that are: duplicates and conflicts */
export async function loadStaged(
  trx: Transaction,
  definition: FeedDefinition,
  chunks: readonly DeclaredChunk[],
): Promise<ImportException[]> {
  const table = quote(tableOf(definition.name));
  const key = definition.key.map(quote).join(', ');
  await trx.query(`create temporary table staged (like ${table}) on commit drop`);
  await copyRows(trx, 'staged', chunks);
  const { rowCount } = await trx.query(
    `insert into ${table} select * from staged order by ${key}, import_no, line on conflict do nothing`,
  );
  const collisions = await readCollisions(trx, definition);
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  if (rowCount! + collisions.length !== rows)
    throw new RefusedDataError('Lines of the chunks are posted already, in chunks of another number.');
  return collisions.map((collision) => explain(collision, definition));
}

interface Collision {
  importNo: number;
  line: number;
  isSame: boolean;
  /** Null when that row came over HTTP. */
  firstImportId: string | null;
  firstImportNo: number;
  firstLine: number;
  payload: Record<string, unknown> | null;
}

/**
 * In a statement later than the insert: only it sees a row that another transaction committed while the insert waited. A row
 * is ours if it came from this line of this import. Each is looked up by itself: a join would read the whole table.
 */
async function readCollisions(trx: Transaction, definition: FeedDefinition): Promise<Collision[]> {
  const { name, columns, key, mode, keepsPayload } = definition;
  const own = mode === 'replace' ? ['import_no', ...key] : key;
  const same = columns.map(
    (column) => `t.${quote(column.name)} is not distinct from s.${quote(column.name)}`,
  );
  const { rows } = await trx.query<Collision>(
    `select s.import_no as "importNo", s.line::double precision as line, t.import_no as "firstImportNo",
            i.id as "firstImportId", t.line::double precision as "firstLine", ${same.join(' and ')} as "isSame",
            ${keepsPayload ? `to_jsonb(s) - 'import_no' - 'line'` : 'null'} as payload
     from staged s
     cross join lateral (
       select * from ${quote(tableOf(name))} t where ${own.map((one) => `t.${quote(one)} = s.${quote(one)}`).join(' and ')} offset 0) t
     left join imports i on i.no = t.import_no
     where (t.import_no, t.line) <> (s.import_no, s.line)
     order by s.import_no, s.line`,
  );
  return rows;
}

function explain(collision: Collision, { key }: FeedDefinition): ImportException {
  const { importNo, line, isSame, firstImportId, firstLine, payload } = collision;
  const place = firstImportId === null ? null : { importId: firstImportId, line: firstLine };
  const first = nameFirst(collision);
  const column = key.length === 1 ? key[0]! : null;
  const found: Fault = isSame
    ? fault(column, 'DUPLICATE', `The row repeats ${first}.`)
    : fault(column, 'CONFLICT', `The row has the ${key.join(', ')} of ${first}, which says something else.`);
  return {
    importNo,
    line,
    status: isSame ? 'duplicate' : 'quarantined',
    faults: [{ ...found, first: place }],
    ...(!isSame && payload && { payload }),
  };
}

function nameFirst({ importNo, firstImportId, firstImportNo, firstLine }: Collision): string {
  const isOwn = firstImportNo === importNo;
  if (firstImportId === null) return isOwn ? `row ${firstLine} of this request` : 'a row that came over HTTP';
  return `line ${firstLine} of ${isOwn ? 'this file' : `import ${firstImportId}`}`;
}

function expectRows(copied: number, chunks: readonly DeclaredChunk[]): void {
  const expected = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  if (copied !== expected)
    throw new RefusedDataError(`Postgres took ${copied} rows where the chunks hold ${expected}.`);
}

function sumUp(chunks: readonly DeclaredChunk[], exceptions: readonly ImportException[]): LoadOutcome[] {
  const outcomes = new Map<number, LoadOutcome>();
  for (const { importNo, rows } of chunks) {
    const none = { importNo, rowsPosted: 0, rowsDuplicate: 0, rowsConflict: 0, contradictions: 0 };
    const one = outcomes.get(importNo) ?? none;
    one.rowsPosted += rows;
    outcomes.set(importNo, one);
  }
  for (const { importNo, status } of exceptions) {
    const one = outcomes.get(importNo)!;
    one.rowsPosted -= 1;
    if (status === 'duplicate') one.rowsDuplicate += 1;
    else one.rowsConflict += 1;
  }
  return [...outcomes.values()];
}
