import { isRolledBack, type Database, type Transaction } from '@passbook/database';
import type { Fault } from '@passbook/imports';
import type { TakenRows } from '../feed.js';
import { fault, joinFaults } from '../transactions/check-cell.js';
import { makeCellCheck } from '../transactions/check-shape.js';
import { lockFeeds } from './complete-load.js';
import type { FeedDefinition } from './definition.js';
import { loadStaged, type DeclaredChunk } from './load-declared-chunks.js';
import { makeCellReader } from './read-cell.js';
import { escapeCell, NULL_CELL } from './row-text.js';

/*
 * Rows that come without a file: all of them, or none. They are a load of their own, by the rules of the rows of files.
 *
 * 1. Check each cell.
 * 2. In one transaction: insert the rows, look at those whose key is taken, lock the feeds, write the load.
 *
 * Killed before the commit: nothing is there. Asked again after it: all rows are duplicates, and nothing is written.
 * The lock comes last, as where an import completes: who waits for rows of others holds it up for nobody.
 * The rows of a chunk have another order than ours: of two that wait for each other Postgres rolls one back. If it is ours, it
 * is done again.
 */

/** Whatever the rules of cells are called by now: the newest. */
const NEWEST_RULES = Infinity;

/** Each waits for a second until Postgres sees the deadlock; and the one before has let the others go on. */
const TRIES_MAX = 5;

/** What ends the transaction of rows that cannot all be taken. */
class RowsRefusedError extends Error {
  constructor(readonly faults: { row: number; faults: Fault[] }[]) {
    super('Rows are refused.');
  }
}

/**
 * @param rows their cells as text, in the order of the definition's columns; an empty one is null, and one that could not be
 * read is the fault that it has
 * @param feeds those that are reconciled with this one, and itself
 */
export async function takeRows(
  database: Database,
  { definition, feeds }: { definition: FeedDefinition; feeds: readonly string[] },
  rows: readonly (readonly (string | Fault)[])[],
  { timeZone }: { timeZone: string },
): Promise<TakenRows> {
  const read = rows.map(makeReader(definition, timeZone));
  const bad = read.flatMap((one, at) => (typeof one === 'string' ? [] : [{ row: at + 1, faults: one }]));
  if (bad.length > 0) return { isTaken: false, faults: bad };
  const texts = read.map((text, at) => `${at + 1}\t${text as string}\n`);
  if (texts.length === 0) return { isTaken: true, rowsPosted: 0, rowsDuplicate: 0 };
  for (let tries = 1; ; tries++) {
    try {
      return await database.withTransaction((trx) => insertRows(trx, { definition, feeds }, texts));
    } catch (err) {
      if (err instanceof RowsRefusedError) return { isTaken: false, faults: err.faults };
      if (!isRolledBack(err) || tries === TRIES_MAX) throw err;
    }
  }
}

/** @throws RowsRefusedError when a key is taken by a row of other content */
async function insertRows(
  trx: Transaction,
  { definition, feeds }: { definition: FeedDefinition; feeds: readonly string[] },
  texts: readonly string[],
): Promise<TakenRows> {
  const { rows } = await trx.query<{ no: number }>(`select -nextval('feed_posts')::integer as no`);
  const importNo = rows[0]!.no;
  const content = { columns: definition.columns.map(({ name }) => name), rows: Buffer.from(texts.join('')) };
  const chunk: DeclaredChunk = { importNo, chunkNo: 0, rows: texts.length, payload: content.rows, content };
  const taken = await loadStaged(trx, definition, [chunk]);
  const conflicts = taken.filter(({ status }) => status === 'quarantined');
  if (conflicts.length > 0)
    throw new RowsRefusedError(conflicts.map(({ line, faults }) => ({ row: line, faults })));
  const rowsPosted = texts.length - taken.length;
  if (rowsPosted > 0) {
    await lockFeeds(trx, feeds);
    await trx.query(
      `insert into feed_loads (import_no, feed, scope, rows_read, rows_posted, figures) values ($1, $2, '', $3, $3, '{}')`,
      [importNo, definition.name, rowsPosted],
    );
  }
  return { isTaken: true, rowsPosted, rowsDuplicate: taken.length };
}

/** From the cells of a row to its text for COPY, or what is wrong with it. */
function makeReader(
  { columns }: FeedDefinition,
  timeZone: string,
): (cells: readonly (string | Fault)[]) => string | Fault[] {
  const readers = columns.map((column) => makeCellReader(column, timeZone));
  const checkCells = makeCellCheck(
    columns.map(({ name, constraints }, at) => ({ name, at, isOptional: !constraints.required })),
    NEWEST_RULES,
  );
  return (cells) => {
    const texts = columns.map(({ name }, at) => {
      const cell = cells[at] ?? '';
      if (typeof cell !== 'string') return cell;
      if (cell === '') return NULL_CELL;
      // Half of a pair of UTF-16: it has no bytes.
      if (/\p{Surrogate}/u.test(cell)) return fault(name, 'ENCODING', 'The text has half of a character.');
      const found = readers[at]!(cell);
      return typeof found === 'string' ? escapeCell(found) : found;
    });
    // Of what is no text nothing else can be said.
    const shown = cells.map((cell) => (typeof cell === 'string' ? cell : '?'));
    const faults = joinFaults(checkCells(shown), texts);
    return faults.length > 0 ? faults : (texts as string[]).join('\t');
  };
}
