import type { Queryable } from '@passbook/database';

/*
 * Which line of a file became which transaction. `transactions` has no index for that: it would cost each load more than
 * these questions are worth. So the accounts of the import are gone through one by one (a join would read all transactions
 * that there are), and Postgres sorts: a second or so for a million rows, whether one line is asked for or a page.
 */

/** A row that an import posted, by its place in the file. */
export interface PostedRow {
  line: number;
  transactionId: string;
  accountId: bigint;
  /** Of the account number. */
  last4: string | null;
}

/** Rows of one fetch. */
const ROWS_PER_FETCH = 5_000;

const postedOfImport = `
  from import_accounts i
  join accounts a on a.id = i.account_id
  cross join lateral (
    select * from transactions one where one.account_id = i.account_id and one.import_no = i.import_no offset 0) t
  where i.import_no = $1`;

const postedColumns = `t.line, t.id as "transactionId", t.account_id as "accountId", a.number_last4 as last4`;

type Row = Omit<PostedRow, 'line'> & { line: bigint };

/** The first posted rows of an import after a line, in the order of lines. */
export async function listPostedRows(
  database: Queryable,
  importNo: number,
  page: { afterLine: number; limit: number },
): Promise<PostedRow[]> {
  const { rows } = await database.query<Row>(
    `select ${postedColumns} ${postedOfImport} and t.line > $2 order by t.line limit $3`,
    [importNo, page.afterLine, page.limit],
  );
  return rows.map(toPostedRow);
}

/** The transaction that a line of an import became, or null. */
export async function findPostedRow(
  database: Queryable,
  importNo: number,
  line: number,
): Promise<PostedRow | null> {
  const { rows } = await database.query<Row>(`select ${postedColumns} ${postedOfImport} and t.line = $2`, [
    importNo,
    line,
  ]);
  return rows[0] ? toPostedRow(rows[0]) : null;
}

/**
 * All posted rows of an import, a part at a time, in the order of lines: as they were at the first one. Postgres keeps what
 * is not fetched yet, outside of any transaction: whoever takes the rows may be as slow as a person who reads them.
 * @param connection one connection, for nothing else meanwhile
 */
export async function* readPostedRows(
  connection: Queryable,
  importNo: number,
): AsyncGenerator<PostedRow[], void, undefined> {
  await connection.query(
    `declare posted_rows no scroll cursor with hold for select ${postedColumns} ${postedOfImport} order by t.line`,
    [importNo],
  );
  try {
    for (;;) {
      const { rows } = await connection.query<Row>(`fetch ${ROWS_PER_FETCH} from posted_rows`);
      if (rows.length === 0) break;
      yield rows.map(toPostedRow);
    }
  } finally {
    await connection.query('close posted_rows');
  }
}

function toPostedRow(row: Row): PostedRow {
  return { ...row, line: Number(row.line) };
}
