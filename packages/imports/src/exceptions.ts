import { copyIn, type Queryable, type Transaction } from '@passbook/database';

/** Why a row, or a cell of it, was not posted. Never holds the cell's content: that may be an account number. */
export interface Fault {
  /** The name of the column, or null when the whole row is meant. */
  column: string | null;
  /** Stable, in UPPER_SNAKE. */
  code: string;
  /** A sentence with the way out. */
  message: string;
  /** Of a row whose id was taken: the row that has it. Null when that came from no file. */
  first?: RowPlace | null;
}

/** A row of any import. */
export interface RowPlace {
  importId: string;
  line: number;
}

/** What became of a row that was not posted. */
export interface RowException {
  line: number;
  status: 'quarantined' | 'duplicate';
  faults: Fault[];
  /** What stood in a quarantined row, where its feed keeps that for audit. Only there a cell's content is stored. */
  payload?: Record<string, unknown>;
}

/** Rows in one statement: bounds the size of its parameters. */
const ROWS_PER_STATEMENT = 10_000;

/** Records exceptions; those that an earlier run of the same import recorded are left as they are. */
export async function recordExceptions(
  database: Queryable,
  importNo: number,
  exceptions: readonly RowException[],
): Promise<void> {
  for (let at = 0; at < exceptions.length; at += ROWS_PER_STATEMENT) {
    const slice = exceptions.slice(at, at + ROWS_PER_STATEMENT);
    await database.query(
      `insert into import_exceptions (import_no, line, status, faults, payload)
       select $1, line, status, faults, payload
       from unnest($2::bigint[], $3::text[], $4::jsonb[], $5::jsonb[]) as e (line, status, faults, payload)
       on conflict (import_no, line) do nothing`,
      [
        importNo,
        slice.map((exception) => exception.line),
        slice.map((exception) => exception.status),
        slice.map((exception) => JSON.stringify(exception.faults)),
        slice.map(({ payload }) => (payload ? JSON.stringify(payload) : null)),
      ],
    );
  }
}

/** Rows in one piece of a COPY: bounds its text. */
const ROWS_PER_PIECE = 500;

/**
 * Records exceptions of rows for the first time, in half of the time. @throws a unique violation when a line has one
 * already
 */
export async function copyExceptions(
  trx: Transaction,
  exceptions: readonly (RowException & { importNo: number })[],
): Promise<void> {
  await copyIn(
    trx,
    'copy import_exceptions (import_no, line, status, faults, payload) from stdin',
    writeExceptions(exceptions),
  );
}

function* writeExceptions(exceptions: readonly (RowException & { importNo: number })[]): Generator<string> {
  for (let at = 0; at < exceptions.length; at += ROWS_PER_PIECE) {
    let piece = '';
    for (const { importNo, line, status, faults, payload } of exceptions.slice(at, at + ROWS_PER_PIECE)) {
      piece += `${importNo}\t${line}\t${status}\t${encodeJson(faults)}\t${payload ? encodeJson(payload) : '\\N'}\n`;
    }
    yield piece;
  }
}

/** As COPY takes it: JSON has no tab and no line end in it. */
function encodeJson(value: object): string {
  return JSON.stringify(value).replaceAll('\\', '\\\\');
}

/** The first rows after a line that were not posted, in the order of lines; of all kinds, or of one. */
export async function listExceptions(
  database: Queryable,
  importNo: number,
  page: { status: RowException['status'] | null; afterLine: number; limit: number },
): Promise<RowException[]> {
  const { rows } = await database.query<StoredException>(
    `select line, status, faults, payload from import_exceptions
     where import_no = $1 and line > $2 and ($3::text is null or status = $3) order by line limit $4`,
    [importNo, page.afterLine, page.status, page.limit],
  );
  return rows.map(toException);
}

/** What became of a line that was not posted; null when it is none of those. */
export async function findException(
  database: Queryable,
  importNo: number,
  line: number,
): Promise<RowException | null> {
  const { rows } = await database.query<StoredException>(
    'select line, status, faults, payload from import_exceptions where import_no = $1 and line = $2',
    [importNo, line],
  );
  return rows[0] ? toException(rows[0]) : null;
}

type StoredException = Omit<RowException, 'line' | 'payload'> & {
  line: bigint;
  payload: Record<string, unknown> | null;
};

function toException({ line, payload, ...row }: StoredException): RowException {
  return { ...row, line: Number(line), ...(payload && { payload }) };
}
