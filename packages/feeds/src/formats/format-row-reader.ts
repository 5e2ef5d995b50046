import type { CsvRecord } from '@passbook/csv';
import type { Chunking, Fault } from '@passbook/imports';
import type { AccountOpening, Holder } from '@passbook/ledger';
import { makeZoneClock } from '@passbook/runtime';
import type { RowReader } from '../feed.js';
import { openMendedFile } from '../mended-file.js';
import { normaliseHeaderCell } from '../recognise-header.js';
import {
  checkBirthDate,
  checkEmail,
  checkName,
  checkType,
  readTimestamp,
} from '../transactions/check-cell.js';
import { checkShape, makeCellCheck, type ColumnPlaces } from '../transactions/check-shape.js';
import { makeRowWindow } from '../transactions/row-window.js';
import { identifyAccount, type AccountIdentity } from './account-identifier.js';
import { makeDateReader } from './date-pattern.js';
import type { FileFormat } from './file-format.js';
import { columnsRead } from './format.js';
import { makeMoneyReader, type CellReader, type Money } from './money-reader.js';
import { idOfText, makeContentIds } from './row-identity.js';

const holderColumns = ['first_name', 'last_name', 'dob', 'email', 'type'] as const;

/**
 * Reads rows of a file that has a layout of its own. What a row means is checked by the same rules as in a transactions
 * file; what the format does not say of the holder is not known.
 */
export function makeFormatRowReader(
  given: readonly string[],
  chunking: Chunking,
  fileFormat: FileFormat,
  hashNumber: (number: string) => string,
): RowReader {
  const { format } = fileFormat;
  const mended = openMendedFile(given, format.delimiter);
  const header = mended?.header ?? given;
  // Where each line ends with a delimiter, a row may do without.
  const width = header.findLastIndex((name) => name.trim() !== '') + 1;
  const columns = placeColumns(format, header);
  const checkCells = makeCellCheck(columns, chunking.version);
  const readContent = makeContentReader(header, chunking, fileFormat, hashNumber);
  const readId = makeIdReader(format, header);
  const window = makeRowWindow();
  const groups = new Map<string, number>();

  return {
    takeLine: () => false,
    take(taken: CsvRecord) {
      const record = mended?.read(taken) ?? taken;
      const misshapen = checkShape(record, columns, header.length);
      if (misshapen) return misshapen;
      const { cells } = record;
      if (cells.length < width) return [tooShort(cells.length, width)];
      const unreadable = checkCells(cells);
      const content = readContent(cells);
      if (unreadable.length > 0 || Array.isArray(content))
        return joinFaults(unreadable, Array.isArray(content) ? content : []);
      const { account, said, money, time } = content;
      const opening: AccountOpening = { ...account, ...said, currency: money.currency };
      const key = JSON.stringify(opening);
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = window.open(opening)));
      window.add(group, {
        id: readId({ account, utc: time.utc, money }, cells),
        occurredAt: time.utc,
        amountMinor: money.amountMinor,
        line: taken.line,
        month: time.month,
      });
      return null;
    },
    discard() {
      groups.clear();
      window.clear();
    },
    *drain() {
      groups.clear();
      yield* window.drain();
    },
  };
}

/** What a row says, or all its faults. */
function makeContentReader(
  header: readonly string[],
  chunking: Chunking,
  { format, account: known }: FileFormat,
  hashNumber: (number: string) => string,
) {
  const { columns, booked } = format;
  const names = header.map(normaliseHeaderCell);
  const cellOf = (column: string): CellReader => {
    const at = names.indexOf(normaliseHeaderCell(column));
    return (cells) => ({ column, text: cells[at]!.trim() });
  };
  const sourceOf = (
    one: { column?: string | undefined; constant?: string | undefined } | undefined,
  ): CellReader | null => {
    if (one === undefined) return null;
    return one.column === undefined ? () => ({ column: null, text: one.constant! }) : cellOf(one.column);
  };
  const readAccount = known
    ? () => known
    : makeAccountReader(cellOf(columns.account_number.column!), format.name, hashNumber);
  const readHolder = makeHolderReader(
    Object.fromEntries(holderColumns.map((name) => [name, sourceOf(columns[name])])),
  );
  const { decimal, thousands = null } = columns.transaction;
  const readCurrency = sourceOf(columns.currency ?? { constant: chunking.currency })!;
  const readMoney = makeMoneyReader(
    columns.transaction,
    { decimal: decimal!, thousands },
    cellOf,
    readCurrency,
  );
  const readTime = makeTimeReader(format, cellOf, chunking.timeZone);
  const state = booked && cellOf(booked.column);
  return (cells: readonly string[]) => {
    const faults: Fault[] = [];
    const keep = <Value>(read: Value | Fault[]): Value | null => {
      if (!Array.isArray(read)) return read;
      faults.push(...read);
      return null;
    };
    if (state && !booked.values.includes(state(cells).text)) faults.push(notBooked(booked.column));
    const account = keep<AccountIdentity>(readAccount(cells));
    const said = keep(readHolder(cells));
    const money = keep(readMoney(cells));
    const time = keep(readTime(cells));
    if (faults.length > 0 || !account || !said || !money || !time) return faults;
    return { account, said, money, time };
  };
}

/** The columns that are read. Of credit and debit one is empty, of the holder anything may be. */
function placeColumns(format: FileFormat['format'], header: readonly string[]): ColumnPlaces {
  const { transaction, first_name, last_name, dob, email, type } = format.columns;
  const optional = [transaction.credit, transaction.debit].concat(
    [first_name, last_name, dob, email, type].map((one) => one?.column),
  );
  const names = header.map(normaliseHeaderCell);
  return [...new Set(columnsRead(format))].map((name) => ({
    name,
    at: names.indexOf(normaliseHeaderCell(name)),
    isOptional: optional.includes(name) || format.identity?.includes(name) === true,
  }));
}

function makeAccountReader(
  cell: CellReader,
  formatName: string,
  hashNumber: (number: string) => string,
): (cells: readonly string[]) => AccountIdentity | Fault[] {
  // Few accounts, many rows: a keyed hash of each would take as long as all the rest.
  const seen = new Map<string, AccountIdentity | null>();
  return (cells) => {
    const { column, text } = cell(cells);
    let account = seen.get(text);
    if (account === undefined) {
      if (seen.size >= ACCOUNTS_REMEMBERED_MAX) seen.clear();
      seen.set(text, (account = identifyAccount(text, formatName, hashNumber)));
    }
    const message =
      'An account is a number of 12 to 19 digits, an IBAN with right check digits, or a code of letters and digits.';
    return account ?? [{ column, code: 'ACCOUNT', message }];
  };
}

const ACCOUNTS_REMEMBERED_MAX = 100_000;

function makeHolderReader(
  cells: Partial<Record<string, CellReader | null>>,
): (row: readonly string[]) => { type: string | null; holder: Holder } | Fault[] {
  const clock = makeZoneClock('UTC');
  const isDate = (date: string): boolean => clock.toUtc(`${date} 00:00:00`) !== null;
  const checks: Record<(typeof holderColumns)[number], (text: string) => Fault | null> = {
    first_name: (text) => checkName('first_name', text),
    last_name: (text) => checkName('last_name', text),
    dob: (text) => checkBirthDate(text, isDate),
    email: checkEmail,
    type: checkType,
  };
  return (row) => {
    const faults: Fault[] = [];
    const said = holderColumns.map((name) => {
      const cell = cells[name]?.(row);
      if (cell === undefined || cell.text === '') return null;
      const fault = checks[name](cell.text);
      if (fault) faults.push({ ...fault, column: cell.column });
      return cell.text;
    });
    if (faults.length > 0) return faults;
    const [firstName = null, lastName = null, bornOn = null, email = null, type = null] = said;
    return { type, holder: { firstName, lastName, bornOn, email } };
  };
}

function makeTimeReader(
  { columns }: FileFormat['format'],
  cellOf: (column: string) => CellReader,
  timeZone: string,
): (cells: readonly string[]) => { utc: string; month: number } | Fault[] {
  const { column, timeColumn, pattern, year } = columns.transaction_ts;
  const clock = makeZoneClock(timeZone);
  const read = makeDateReader(pattern, year);
  const day = cellOf(column);
  const time = timeColumn === undefined ? null : cellOf(timeColumn);
  return (cells) => {
    const text = read(time ? `${day(cells).text} ${time(cells).text}` : day(cells).text);
    const found = text === null ? null : readTimestamp(text, clock.toUtc);
    if (found !== null && !('code' in found)) return found;
    const message = `By its format a time looks like ${pattern}; it must exist in the calendar and in the time zone.`;
    return [{ column, code: 'TYPE_DATE', message }];
  };
}

/** All that is amiss with a row. Of a cell that cannot be read at all only that is said. */
function joinFaults(unreadable: Fault[], others: Fault[]): Fault[] {
  const columns = new Set(unreadable.map((one) => one.column));
  return [...unreadable, ...others.filter((one) => !columns.has(one.column))];
}

/** What makes a row without an id the row it is, beside its other cells. */
interface RowContent {
  account: AccountIdentity;
  utc: string;
  money: Money;
}

function makeIdReader(
  { columns, identity }: FileFormat['format'],
  header: readonly string[],
): (content: RowContent, cells: readonly string[]) => string {
  const names = header.map(normaliseHeaderCell);
  const place = (name: string): number => names.indexOf(normaliseHeaderCell(name));
  if (columns.operation_id) {
    const at = place(columns.operation_id.column);
    return (_, cells) => idOfText(cells[at]!.trim());
  }
  const { account_number: account, transaction_ts: time, transaction, currency } = columns;
  // These are in the content already, in a form that does not depend on how they are written.
  const known = [account.column, time.column, time.timeColumn, transaction.column, transaction.credit]
    .concat(transaction.debit, transaction.flag?.column, currency?.column)
    .map((name) => (name === undefined ? null : normaliseHeaderCell(name)));
  const others = (identity ?? header).map(normaliseHeaderCell);
  // In the order of their names: a bank that moves a column does not change the ids.
  const places = others
    .filter((name) => !known.includes(name))
    .sort()
    .map(place);
  const idOf = makeContentIds();
  return ({ account: { numberHash }, utc, money }, cells) =>
    idOf([numberHash, utc, String(money.amountMinor), money.currency, ...places.map((at) => cells[at]!)]);
}

function notBooked(column: string): Fault {
  const message = 'The row is not booked yet and may change: drop the file again when it is.';
  return { column, code: 'NOT_BOOKED', message };
}

/** A row that lost a cell may have the others in wrong places. */
function tooShort(cells: number, width: number): Fault {
  const message = `The row has ${cells} cells, the header ${width}.`;
  return { column: null, code: 'MISSING_CELL', message };
}
