import type { CsvRecord } from '@passbook/csv';
import type { Fault } from '@passbook/imports';
import { fault } from './check-cell.js';

/*
 * The rules of a row as a whole, and those that hold for any cell.
 */

/** Columns that are read, and where the file has them. */
export type ColumnPlaces = readonly { name: string; at: number; isOptional?: boolean }[];

/**
 * What keeps a record from being cut into the cells of its columns: then nothing can be said of single cells.
 * @param delimiter null: a cell may be anything, as before version 4 of the chunking
 */
export function checkShape(
  record: CsvRecord,
  columns: ColumnPlaces,
  width: number,
  delimiter: string | null,
): Fault[] | null {
  if (record.fault === 'QUOTE') return [quote];
  if (record.fault === 'ROW_TOO_LARGE') return [tooLarge];
  const { cells } = record;
  if (delimiter !== null && cells.some((cell) => holdsRow(cell, width, delimiter))) return [runTogether];
  if (cells.length === width) return null;
  const counts = `The row has ${cells.length} cells, the header ${width}.`;
  if (cells.length > width)
    return [
      fault(null, 'EXTRA_CELL', `${counts} A cell that holds the delimiter belongs in quotation marks.`),
    ];
  const missing = columns.filter(({ at }) => at >= cells.length);
  return missing.length > 0 ? missing.map(({ name }) => fault(name, 'MISSING_CELL', counts)) : null;
}

/**
 * Whether a quoted cell has swallowed the end of its row and the beginning of the next: a quotation mark that was not closed
 * was closed by one that opens another cell. Such a cell holds a line end, and as many delimiters as a row has.
 */
function holdsRow(cell: string, width: number, delimiter: string): boolean {
  if (!/[\r\n]/.test(cell)) return false;
  return width > 1 && cell.split(delimiter).length >= width;
}

const runTogether = fault(
  null,
  'QUOTE',
  'A cell holds a line end and as many delimiters as a row: a quotation mark before it is not closed. If it is one cell, write blanks for its line ends.',
);
const quote = fault(
  null,
  'QUOTE',
  'A quotation mark is not closed or stands inside a cell: put the whole cell in quotation marks and double those inside.',
);
const tooLarge = fault(null, 'ROW_TOO_LARGE', 'The row is too long to be one.');

/** Below the blank, but no tab or line end; DEL; and those that Latin-1 has between 0x80 and 0x9f. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
/** As chunks of version 3 were made: see `chunking-version`. */
const controlBefore4 = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * What can be amiss with a cell whatever its column: it is empty, damaged, or holds what nobody can see.
 * @param version of the chunking: an open import is read on by the rules that it was begun with
 */
export function makeCellCheck(
  columns: ColumnPlaces,
  version: number,
  isTrimmed = false,
): (cells: readonly string[]) => Fault[] {
  const isOld = version < 4;
  const unseen = isOld ? controlBefore4 : control;
  const checkCell = (name: string, cell: string): Fault | null => {
    if (cell === '') return fault(name, 'MISSING_CELL', 'The cell is empty.');
    if (!isOld && cell.includes('\ufffd')) return fault(name, 'ENCODING', damaged);
    return unseen.test(cell) ? fault(name, 'CONTROL_CHARACTER', 'Remove the control character.') : null;
  };
  return (cells) => {
    const faults: Fault[] = [];
    for (const { name, at, isOptional } of columns) {
      const cell = cells[at] ?? '';
      if (isOptional && cell === '') continue;
      // Where blanks around a cell mean nothing, they are no cell.
      const found = checkCell(name, isTrimmed ? cell.trim() : cell);
      if (found) faults.push(found);
    }
    return faults;
  };
}

const damaged =
  'A character was lost before the file came here (U+FFFD stands for it): write what was meant, or export the file again in UTF-8.';
