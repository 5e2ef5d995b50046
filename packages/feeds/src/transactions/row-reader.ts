import { createHmac } from 'node:crypto';
import type { CsvRecord } from '@passbook/csv';
import type { Chunking, Fault } from '@passbook/imports';
import { currencyDecimals, parseAmount, type AccountOpening } from '@passbook/ledger';
import { makeZoneClock, type ZoneClock } from '@passbook/runtime';
import type { RowReader } from '../feed.js';
import { normaliseHeaderCell } from '../recognise-header.js';
import {
  checkBirthDate,
  checkEmail,
  checkName,
  checkType,
  fault,
  readAccountNumber,
  readId,
  readTimestamp,
} from './check-cell.js';
import { transactionColumns, type TransactionColumn } from './columns.js';
import { makeHourReader } from './read-hour.js';
import { makeRowWindow } from './row-window.js';
import { makeLineTaker } from './take-line.js';

/** What a row says of its account and its holder: rows of one group all say the same, letter for letter. */
const groupColumns = ['account_number', 'first_name', 'last_name', 'dob', 'email', 'type'] as const;

/** Reads rows of a transactions file: checks each cell, and gathers the good rows of each account. */
export function makeTransactionRowReader(
  header: readonly string[],
  chunking: Chunking,
  hashNumber: (digits: string) => string,
): RowReader {
  const names = header.map(normaliseHeaderCell);
  const places = Object.fromEntries(
    transactionColumns.map(({ name }) => [name, names.indexOf(name)]),
  ) as Record<TransactionColumn, number>;
  const decimals = currencyDecimals(chunking.currency);
  const clock = makeZoneClock(chunking.timeZone);
  const keys = makeGroupKeys(places);
  const openAccount = makeAccountOpener(places, chunking.currency, hashNumber);
  const open = (key: string, account: AccountOpening): number => {
    const group = window.open(account);
    groups.set(key, group);
    return group;
  };
  const columns = transactionColumns.map(({ name }) => ({ name, at: places[name] }));
  const window = makeRowWindow();
  const groups = new Map<string, number>();
  const takeLine = keys.neighbours
    ? makeLineTaker({
        places,
        width: names.length,
        holder: keys.neighbours,
        decimals,
        hours: makeHourReader(clock.toUtc),
        findGroup: (key) => groups.get(key),
        window,
      })
    : () => false;

  return {
    takeLine,
    take(record) {
      const misshapen = checkShape(record, columns, names.length);
      if (misshapen) return misshapen;
      const { cells } = record;
      const faults: Fault[] = [];
      const key = keys.of(cells);
      const group = groups.get(key);
      const account = group === undefined ? openAccount(cells) : null;
      const id = readId(cells[places.operation_id]!);
      const time = readTimestamp(cells[places.transaction_ts]!, clock.toUtc);
      const amount = readAmount(cells[places.transaction]!, decimals);
      if (Array.isArray(account)) faults.push(...account);
      if (typeof id !== 'string') faults.push(id);
      if ('code' in time) faults.push(time);
      if (typeof amount !== 'bigint') faults.push(amount);
      if (Array.isArray(account) || typeof id !== 'string' || 'code' in time || typeof amount !== 'bigint')
        return faults;
      window.add(group ?? open(key, account!), {
        id,
        occurredAt: time.utc,
        amountMinor: amount,
        line: record.line,
        month: time.month,
      });
      return null;
    },
    *drain() {
      groups.clear();
      yield* window.drain();
    },
  };
}

/** The keyed hash of account numbers: the same number is the same account, and nobody without the key can tell which. */
export function makeNumberHasher(key: string): (digits: string) => string {
  return (digits) => createHmac('sha256', key).update(digits).digest('hex');
}

/** Faults of the record as a whole: quotes, and too few or too many cells; and cells that are empty. */
export function checkShape(
  record: CsvRecord,
  columns: readonly { name: string; at: number }[],
  width: number,
): Fault[] | null {
  if (record.fault === 'QUOTE') {
    return [
      fault(
        null,
        'QUOTE',
        'A quotation mark is not closed or stands inside a cell: put the whole cell in quotation marks and double those inside.',
      ),
    ];
  }
  if (record.fault === 'ROW_TOO_LARGE')
    return [fault(null, 'ROW_TOO_LARGE', 'The row is too long to be one.')];
  const { cells } = record;
  if (cells.length > width) {
    return [
      fault(
        null,
        'EXTRA_CELL',
        `The row has ${cells.length} cells, the header ${width}. A cell with a comma belongs in quotation marks.`,
      ),
    ];
  }
  let missing: Fault[] | null = null;
  for (const { name, at } of columns) {
    const cell = cells[at];
    if (cell !== undefined && cell !== '') continue;
    missing ??= [];
    missing.push(
      fault(
        name,
        'MISSING_CELL',
        cell === '' ? 'The cell is empty.' : `The row has ${cells.length} cells, the header ${width}.`,
      ),
    );
  }
  return missing;
}

/** The holder and account of a row are checked once in a window: the rows that follow are compared with it. */
function makeAccountOpener(
  places: Record<TransactionColumn, number>,
  currency: string,
  hashNumber: (digits: string) => string,
): (cells: readonly string[]) => AccountOpening | Fault[] {
  const isDate = makeDateCheck(makeZoneClock('UTC'));
  return (row) => {
    const cell = (name: TransactionColumn): string => row[places[name]]!;
    const digits = readAccountNumber(cell('account_number'));
    const faults = [
      typeof digits === 'string' ? null : digits,
      checkName('first_name', cell('first_name')),
      checkName('last_name', cell('last_name')),
      checkBirthDate(cell('dob'), isDate),
      checkEmail(cell('email')),
      checkType(cell('type')),
    ].filter((one) => one !== null);
    if (typeof digits !== 'string' || faults.length > 0) return faults;
    return {
      numberHash: hashNumber(digits),
      last4: digits.slice(-4),
      type: cell('type'),
      currency,
      holder: {
        firstName: cell('first_name'),
        lastName: cell('last_name'),
        bornOn: cell('dob'),
        email: cell('email'),
      },
    };
  };
}

function makeDateCheck(clock: ZoneClock): (date: string) => boolean {
  return (date) => clock.toUtc(`${date} 00:00:00`) !== null;
}

function readAmount(cell: string, decimals: number): bigint | Fault {
  const amount = parseAmount(cell, decimals);
  if (amount === 'PRECISION')
    return fault('transaction', 'PRECISION', `The currency has ${decimals} decimals, the amount more.`);
  if (amount === 'TYPE_AMOUNT') {
    return fault(
      'transaction',
      'TYPE_AMOUNT',
      'Write the amount as -1234.50: digits, a point, no thousands mark, no currency.',
    );
  }
  return amount;
}

/** What a group is known by. */
interface GroupKeys {
  /** The first and the last of its columns, where they are neighbours in the file, in whatever order. */
  neighbours: { first: number; last: number } | null;
  /** Of neighbours: their bytes as a plain line has them, as latin1. A quoted delimiter cannot be taken for another one: a line of such bytes has more cells. */
  of(cells: readonly string[]): string;
}

function makeGroupKeys(places: Record<TransactionColumn, number>): GroupKeys {
  const columns = groupColumns.map((name) => places[name]).sort((a, b) => a - b);
  const [first, last] = [columns[0]!, columns.at(-1)!];
  if (last - first !== columns.length - 1) {
    return { neighbours: null, of: (cells) => JSON.stringify(columns.map((column) => cells[column])) };
  }
  return {
    neighbours: { first, last },
    of: (cells) => Buffer.from(cells.slice(first, last + 1).join()).toString('latin1'),
  };
}
