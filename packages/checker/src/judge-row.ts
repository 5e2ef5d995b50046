import { readRecords } from './read-records.js';

/*
 * The rules of the nine columns, written down a second time from what users are told of them. Only whether a row can be
 * posted matters here, and what it says if it can.
 */

export const columnNames =
  'account_number,first_name,last_name,dob,email,type,operation_id,transaction_ts,transaction'.split(',');
/** Columns that `rows.csv` adds: a corrected file may still have them. */
export const addedColumns = ['_import', '_line', '_column', '_code', '_message', '_text'];

/** What a row says that can be posted. */
export interface GoodRow {
  /** The digits of the account number. */
  digits: string;
  /** First name, last name, date of birth, e-mail and type, between NULs. */
  holder: string;
  /** In lower case. */
  id: string;
  /** `YYYY-MM-DD HH:MM:SS[.ffffff]`, in UTC, without trailing zeros. */
  time: string;
  cents: bigint;
}

/** Whether a header is one of a transactions file: each column once, and no others but those of `rows.csv`. */
export function isHeader(cells: readonly string[]): boolean {
  const names = cells.map(headerName);
  return (
    new Set(names).size === names.length &&
    columnNames.every((name) => names.includes(name)) &&
    names.every((name) => columnNames.includes(name) || addedColumns.includes(name))
  );
}

/** Where the header has a column. */
export function placeOf(header: readonly string[], column: string): number {
  return header.map(headerName).indexOf(column);
}

/** @returns for the cells of a row what it says, or null when it must be quarantined */
export function makeRowJudge(header: readonly string[]): (cells: readonly string[]) => GoodRow | null {
  const isMended = addedColumns.every((name) => name === '_text' || placeOf(header, name) !== -1);
  const own = header.filter((cell) => !addedColumns.includes(headerName(cell)));
  const places = columnNames.map((name) => placeOf(isMended ? own : header, name));
  // Holders and numbers come again with each row of their account.
  const holders = new Map<string, string | null>();
  const numbers = new Map<string, string | null>();
  return (given) => {
    if (given.length > header.length) return null;
    const cells = isMended ? readMended(header, own, given) : given;
    if (cells.length > own.length && isMended) return null;
    // A cell that has swallowed another row.
    if (cells.some((cell) => /[\r\n]/.test(cell) && cell.split(',').length >= own.length)) return null;
    const [number, first, last, dob, email, type, id, time, amount] = places.map((at) => cells[at] ?? '');
    if (![number, first, last, dob, email, type, id, time, amount].every((cell) => cell)) return null;
    const said = [first, last, dob, email, type].join('\0');
    const holder = remember(holders, said, () => {
      const isGood = isName(first!) && isName(last!) && isDate(dob!) && isEmail(email!) && isType(type!);
      return isGood ? said : null;
    });
    const digits = remember(numbers, number!, () => accountDigits(number!));
    const moment = readTime(time!);
    const cents = readCents(amount!);
    if (holder === null || digits === null || !uuid.test(id!) || moment === null || cents === null)
      return null;
    return { digits, holder, id: id!.toLowerCase(), time: moment, cents };
  };
}

/** The cells of a row that was in `rows.csv`: those of the columns of its file, or what its text is cut into. */
function readMended(header: readonly string[], own: readonly string[], given: readonly string[]): string[] {
  const cells = own.map((name) => unguard(given[header.indexOf(name)] ?? ''));
  const text = unguard(given[placeOf(header, '_text')] ?? '');
  if (text === '' || cells.some((cell) => cell !== '')) return cells;
  const rows: (string[] | null)[] = [];
  readRecords(Buffer.from(text), (record) => rows.push(record.cells));
  return rows.length === 1 ? (rows[0] ?? []) : [];
}

/** A cell that a spreadsheet would take for a formula has an apostrophe before it, and one more than it had of its own. */
export function unguard(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** Whether a spreadsheet would run a cell. */
export function isFormula(cell: string): boolean {
  return /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[0-9]+(\.[0-9]+)?$/.test(cell);
}

/** 12 to 19 digits, with blanks and hyphens anywhere but before them; null where a cell is no account number. */
export function accountDigits(cell: string): string | null {
  if (!/^[0-9][0-9 -]*$/.test(cell)) return null;
  const digits = cell.replaceAll(/[ -]/g, '');
  return digits.length >= 12 && digits.length <= 19 ? digits : null;
}

/** A moment in UTC in one form of text, without trailing zeros; null where the calendar has no such moment. */
export function readTime(text: string): string | null {
  const parts = /^(\d{4}-\d\d-\d\d)[ T]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/.exec(text);
  if (!parts || !isDate(parts[1]!)) return null;
  // Nearly all are in that form already: then no text is made, of which there would be a million.
  const plain = text[10] === ' ' ? text : text.replace('T', ' ');
  return parts[5] === undefined ? plain : plain.replace(/\.?0+$/, '');
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function headerName(cell: string): string {
  return cell.trim().toLowerCase();
}

function remember<Value>(known: Map<string, Value>, key: string, find: () => Value): Value {
  const value = known.get(key);
  if (value !== undefined) return value;
  const found = find();
  known.set(key, found);
  return found;
}

/** At most 1,000 characters, no control characters but tab and line ends, nothing that was lost, no card number. */
function isName(cell: string): boolean {
  const unseen = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/;
  return cell.length <= 1_000 && !unseen.test(cell) && !holdsCardNumber(cell);
}

function isEmail(cell: string): boolean {
  const at = cell.indexOf('@');
  const labels = cell.slice(at + 1).split('.');
  return (
    at > 0 &&
    cell.length <= 254 &&
    /^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(cell.slice(0, at)) &&
    labels.every((label) => label.length <= 63 && /^[A-Za-z0-9-]+$/.test(label) && !/^-|-$/.test(label)) &&
    !holdsCardNumber(cell)
  );
}

function isType(cell: string): boolean {
  return cell === 'credit' || cell === 'debit';
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!parts || parts[1] === '0000') return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

function readCents(cell: string): bigint | null {
  const parts = /^([+-]?)([0-9]{1,13})(?:\.([0-9]{1,2}))?$/.exec(cell);
  if (!parts) return null;
  const size = BigInt(parts[2]! + (parts[3] ?? '').padEnd(2, '0'));
  return parts[1] === '-' ? -size : size;
}

/** 12 to 19 digits in a row that pass the Luhn check, with single blanks or hyphens between them. */
function holdsCardNumber(cell: string): boolean {
  for (const [run] of cell.matchAll(/[0-9](?:[ -]?[0-9]){11,}/g)) {
    const digits = run.replaceAll(/[ -]/g, '');
    for (let from = 0; from + 12 <= digits.length; from++) {
      for (let to = from + 12; to <= Math.min(from + 19, digits.length); to++) {
        if (isLuhn(digits.slice(from, to))) return true;
      }
    }
  }
  return false;
}

function isLuhn(digits: string): boolean {
  const values = [...digits].reverse().map(Number);
  const sum = values.reduce((all, value, at) => {
    const doubled = at % 2 === 1 ? value * 2 : value;
    return all + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
