/**
 * Where quotation marks are needed: around a delimiter, a quotation mark or a line end, and around white space at either
 * end, which spreadsheets would trim (a byte order mark is among it, which a reader would take for the mark of the file).
 */
const NEEDS_QUOTES = /["\r\n]|^\s|\s$/;

/** Writes a record as RFC 4180 has it, with CRLF. Read again, it has the same cells, if it has any. */
export function encodeCsvRecord(cells: readonly string[], delimiter = ','): string {
  // A record of one empty cell would be an empty line, which is no record.
  if (cells.length === 1 && cells[0] === '') return '""\r\n';
  return `${cells.map((cell) => encodeCell(cell, delimiter)).join(delimiter)}\r\n`;
}

function encodeCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
