import type { Queryable } from '@passbook/database';
import type { PostedRow } from '../feed.js';
import { quote, tableOf } from './feed-table.js';

/*
 * The lines that an import posted. Its rows are found by the key of the table, which begins with the import, and sorted.
 */

const LINES_PER_FETCH = 5_000;

/** The first posted lines of an import after a line, in their order. */
export async function listPostedLines(
  database: Queryable,
  feed: string,
  importNo: number,
  { afterLine, limit }: { afterLine: number; limit: number },
): Promise<PostedRow[]> {
  const { rows } = await database.query<{ line: number }>(
    `select line::double precision as line from ${quote(tableOf(feed))}
     where import_no = $1 and line > $2 order by line limit $3`,
    [importNo, afterLine, limit],
  );
  return rows.map(ofLine);
}

/** Null when nothing of the import was posted from that line. */
export async function findPostedLine(
  database: Queryable,
  feed: string,
  importNo: number,
  line: number,
): Promise<PostedRow | null> {
  const { rowCount } = await database.query(
    `select from ${quote(tableOf(feed))} where import_no = $1 and line = $2`,
    [importNo, line],
  );
  return rowCount === 0 ? null : ofLine({ line });
}

/** All posted lines, from a cursor that Postgres keeps: it sorts once. */
export async function* readPostedLines(
  connection: Queryable,
  feed: string,
  importNo: number,
): AsyncGenerator<PostedRow[], void, undefined> {
  await connection.query(
    `declare posted_lines cursor with hold for select line::double precision as line
     from ${quote(tableOf(feed))} where import_no = ${Math.trunc(importNo)} order by line`,
  );
  try {
    for (;;) {
      const { rows } = await connection.query<{ line: number }>(`fetch ${LINES_PER_FETCH} from posted_lines`);
      if (rows.length === 0) return;
      yield rows.map(ofLine);
    }
  } finally {
    await connection.query('close posted_lines');
  }
}

function ofLine({ line }: { line: number }): PostedRow {
  return { line, transactionId: null, accountId: null, last4: null };
}
