import { createHmac } from 'node:crypto';
import type { Chunking, Fault } from '@passbook/imports';
import { currencyDecimals, type AccountOpening } from '@passbook/ledger';
import { makeZoneClock, type ZoneClock } from '@passbook/runtime';
import type { RowReader } from '../feed.js';
import { openMendedFile } from '../mended-file.js';
import { normaliseHeaderCell } from '../recognise-header.js';
import {
  checkBirthDate,
  checkEmail,
  checkName,
  checkType,
  joinFaults,
  readAccountNumber,
  readAmount,
  readId,
  readTimestamp,
} from './check-cell.js';
import { checkShape, makeCellCheck } from './check-shape.js';
import { transactionColumns, type TransactionColumn } from './columns.js';
import { makeHourReader } from './read-hour.js';
import { makeRowWindow, type RowWindow } from './row-window.js';
import { makeLineTaker } from './take-line.js';

/** What a row says of its account and its holder: rows of one group all say the same, letter for letter. */
const groupColumns = ['account_number', 'first_name', 'last_name', 'dob', 'email', 'type'] as const;

/** Reads rows of a transactions file: checks each cell, and gathers the good rows of each account. */
export function makeTransactionRowReader(
  header: readonly string[],
  chunking: Chunking,
  hashNumber: (digits: string) => string,
): RowReader {
  // A mended file is small, and its cells are not as they stand there: it never takes the short way.
  const mended = chunking.version < 4 ? null : openMendedFile(header);
  const names = (mended?.header ?? header).map(normaliseHeaderCell);
  const delimiter = chunking.version < 4 ? null : ',';
  const places = findColumns(names);
  const decimals = currencyDecimals(chunking.currency);
  const clock = makeZoneClock(chunking.timeZone);
  const keys = makeGroupKeys(places);
  const openAccount = makeAccountOpener(places, chunking.currency, hashNumber);
  const columns = transactionColumns.map(({ name }) => ({ name, at: places[name] }));
  const checkCells = makeCellCheck(columns, chunking.version);
  const window = makeRowWindow();
  const groups = makeGroups(window);
  const takeLine =
    keys.neighbours && !mended
      ? makeLineTaker({
          places,
          width: names.length,
          holder: keys.neighbours,
          decimals,
          hours: makeHourReader(clock.toUtc),
          findGroup: (key) => groups.find(key),
          window,
        })
      : () => false;

  return {
    takeLine,
    take(given) {
      const record = mended?.read(given) ?? given;
      const misshapen = checkShape(record, columns, names.length, delimiter);
      if (misshapen) return misshapen;
      const { cells } = record;
      const key = keys.of(cells);
      const group = groups.find(key);
      const account = group === undefined ? openAccount(cells) : null;
      const id = readId(cells[places.operation_id]!);
      const time = readTimestamp(cells[places.transaction_ts]!, clock.toUtc);
      const amount = readAmount(cells[places.transaction]!, decimals);
      if (
        (account !== null && checkCells(cells).length > 0) ||
        Array.isArray(account) ||
        typeof id !== 'string' ||
        'code' in time ||
        typeof amount !== 'bigint'
      )
        return joinFaults(checkCells(cells), [account, id, time, amount]);
      window.add(group ?? groups.open(key, account!), {
        id,
        occurredAt: time.utc,
        amountMinor: amount,
        line: given.line,
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

/** The groups of the rows of a window, by what they are known by. */
function makeGroups(window: RowWindow): {
  find(key: string): number | undefined;
  open(key: string, account: AccountOpening): number;
  clear(): void;
} {
  const groups = new Map<string, number>();
  return {
    find: (key) => groups.get(key),
    open(key, account) {
      const group = window.open(account);
      groups.set(key, group);
      return group;
    },
    clear: () => groups.clear(),
  };
}

function findColumns(names: readonly string[]): Record<TransactionColumn, number> {
  return Object.fromEntries(transactionColumns.map(({ name }) => [name, names.indexOf(name)])) as Record<
    TransactionColumn,
    number
  >;
}

/** The keyed hash of account numbers: the same number is the same account, and nobody without the key can tell which. */
export function makeNumberHasher(key: string): (digits: string) => string {
  return (digits) => createHmac('sha256', key).update(digits).digest('hex');
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
