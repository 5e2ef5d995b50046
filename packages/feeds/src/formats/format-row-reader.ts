import type { CsvRecord } from '@passbook/csv';
import type { Chunking, Fault } from '@passbook/imports';
import type { AccountOpening } from '@passbook/ledger';
import type { RowReader } from '../feed.js';
import { openMendedFile } from '../mended-file.js';
import { countNamed, normaliseHeaderCell } from '../recognise-header.js';
import { joinFaults } from '../transactions/check-cell.js';
import { checkShape, makeCellCheck, type ColumnPlaces } from '../transactions/check-shape.js';
import { makeRowWindow } from '../transactions/row-window.js';
import { ACCOUNT_FORMS, identifyAccount, type AccountIdentity } from './account-identifier.js';
import type { FileFormat } from './file-format.js';
import { columnsRead } from './format.js';
import { holderColumns, makeHolderReader } from './holder-reader.js';
import { makeMoneyReader, type CellReader } from './money-reader.js';
import { makeRowIds } from './row-identity.js';
import { makeTimeReader } from './time-reader.js';

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
  const width = countNamed(header);
  const columns = placeColumns(format, header);
  const checkCells = makeCellCheck(columns, chunking.version, true);
  const readContent = makeContentReader(header, chunking, fileFormat, hashNumber);
  const readId = makeRowIds(format, header);
  const window = makeRowWindow();
  const groups = new Map<string, number>();

  return {
    takeLine: () => false,
    take(taken: CsvRecord) {
      const record = mended?.read(taken) ?? taken;
      const misshapen = checkShape(record, columns, header.length, format.delimiter);
      if (misshapen) return misshapen;
      const { cells } = record;
      if (cells.length < width) return [tooShort(cells.length, width)];
      const unreadable = checkCells(cells);
      const content = readContent(cells);
      if (unreadable.length > 0 || Array.isArray(content)) return joinFaults(unreadable, [content]);
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
    return (cells) => ({ column, text: (cells[at] ?? '').trim() });
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
  const readTime = makeTimeReader(columns.transaction_ts, cellOf, chunking.timeZone);
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
  return [...new Set(columnsRead({ ...format, identity: [] }))].map((name) => ({
    name,
    at: names.indexOf(normaliseHeaderCell(name)),
    isOptional: optional.includes(name),
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
    const message = `An account is ${ACCOUNT_FORMS}`;
    return account ?? [{ column, code: 'ACCOUNT', message }];
  };
}

const ACCOUNTS_REMEMBERED_MAX = 100_000;

function notBooked(column: string): Fault {
  const message = 'The row is not booked yet and may change: drop the file again when it is.';
  return { column, code: 'NOT_BOOKED', message };
}

/** A row that lost a cell may have the others in wrong places. */
function tooShort(cells: number, width: number): Fault {
  const message = `The row has ${cells} cells, the header ${width}.`;
  return { column: null, code: 'MISSING_CELL', message };
}
