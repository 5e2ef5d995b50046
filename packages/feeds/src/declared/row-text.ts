/*
 * Rows in the text form of Postgres' COPY: the line, then the cells, separated by tabs. The value of a chunk is one line of
 * JSON that names the columns, then its rows. The processor puts the number of the import before each row, and passes it on.
 */

export const NULL_CELL = '\\N';

const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A cell as COPY takes it. */
export function escapeCell(cell: string): string {
  return special.test(cell) ? cell.replace(/[\\\t\n\r]/g, (one) => escapes[one]!) : cell;
}

/** What every chunk begins with. */
export function encodeColumns(names: readonly string[]): Buffer {
  return Buffer.from(`${JSON.stringify(names)}\n`);
}
