/*
 * A spreadsheet runs a cell that begins with one of these as a formula, with whatever rights the reader has. In `rows.csv`
 * an apostrophe stands before it, which spreadsheets take for "this is text". What begins with apostrophes and then one of
 * these gets one more, so that taking one off always gives the cell of the file.
 */
const formula = /^'*[=+\-@\t\r]/;
const guarded = /^'+[=+\-@\t\r]/;
const plainNumber = /^[+-]?\d+(\.\d+)?$/;

/** A cell as it is written to `rows.csv`. */
export function guardCell(cell: string): string {
  return formula.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell;
}

/** The cell of the file, from `rows.csv`. */
export function restoreCell(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}
