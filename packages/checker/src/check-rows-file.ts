import { readFileSync } from 'node:fs';
import type { LoadedFile, Row } from './book.js';
import type { Findings } from './findings.js';
import { addedColumns, columnNames, isFormula, unguard } from './judge-row.js';
import { readCells, readRecords } from './read-records.js';

/** Below this a cell may well be a word of the sentence that says what is wrong with it. */
const TELLING_CHARS_MIN = 8;

/** What the sentences give as examples. */
const examples = [
  'name@example.com',
  '1985-05-31',
  '2021-01-31 07:03:21',
  '-1234.50',
  '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df',
  ...columnNames,
];

/** The bad rows of an import: exactly its quarantined lines, in their order, with the cells that they have in the file. */
export function checkRowsFile(findings: Findings, file: LoadedFile, path: string): void {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [header = [], ...records] = readCells(readFileSync(path));
  const kept = file.header.flatMap((cell, at) => (addedColumns.includes(cell) ? [] : [at]));
  if (!isSameCells(header, [...kept.map((at) => file.header[at]!), ...addedColumns]))
    findings.add('rows.csv', `${name} has another header`);
  const rows = file.rows.filter((row) => row.fate === 'invalid' || row.fate === 'conflict');
  if (records.length !== rows.length)
    findings.add('rows.csv', `${name} has ${records.length} rows, and must have ${rows.length}`);
  const originals = readOriginals(file, rows);
  for (const [at, record] of records.entries()) {
    const row = rows[at];
    if (!row) break;
    const place = `row ${at + 1} of ${name}`;
    const [importId, line, , codes, message, text = ''] = record.slice(kept.length);
    if (line !== String(row.line)) {
      findings.add('rows.csv', `${place} is of line ${line}, and must be of line ${row.line}`);
      continue;
    }
    const original = originals[at]!;
    if (!isSameRow(record.slice(0, kept.length), unguard(text), original, kept, file.header.length))
      findings.add('rows.csv', `${place} has not the cells of line ${row.line}`);
    if (record.some(isFormula)) findings.add('rows.csv', `${place} has a cell that a spreadsheet would run`);
    if (importId !== file.record.id || !codes || !message)
      findings.add('rows.csv', `${place} does not name its import and its fault`);
    if ((codes === 'CONFLICT') !== (row.fate === 'conflict'))
      findings.add('rows.csv', `${place} is ${codes}, and is ${row.fate}`);
    if (original.some((cell) => isTold(cell, message ?? '')))
      findings.add('rows.csv', `the message of ${place} repeats what a cell holds`);
  }
}

/** The cells of these rows, from the file; of a row that could not be cut into cells its text. */
function readOriginals(file: LoadedFile, rows: readonly Row[]): string[][] {
  const bytes = readFileSync(file.content.drops[0]!.path);
  return rows.map((row) => {
    const text = bytes.subarray(row.start, row.end);
    let cells: string[] | null = null;
    let count = 0;
    readRecords(text, (record) => {
      cells = record.cells;
      count += 1;
    });
    return count === 1 && cells ? cells : [text.toString().replace(/[\r\n]+$/, '')];
  });
}

/** A row that has other cells than its header, or could not be cut into cells, is there as text: its cells are empty. */
function isSameRow(
  cells: readonly string[],
  text: string,
  original: readonly string[],
  kept: readonly number[],
  width: number,
): boolean {
  const isUncut = original.length === 1 && kept.length > 1 && original[0]!.includes('"');
  if (!isUncut && original.length <= width) {
    const expected = kept.map((at) => original[at] ?? '');
    return text === '' && isSameCells(cells.map(unguard), expected);
  }
  if (cells.some((cell) => cell !== '')) return false;
  return isUncut ? text === original[0] : isSameCells(readCells(Buffer.from(text))[0] ?? [], original);
}

function isTold(cell: string, message: string): boolean {
  return cell.length >= TELLING_CHARS_MIN && !examples.includes(cell) && message.includes(cell);
}

function isSameCells(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((cell, at) => cell === other[at]);
}
