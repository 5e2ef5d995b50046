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
import { makeRowWindow } from './row-window.js';

/** What a row says of the holder of its account: rows of one group all say the same. */
const holderColumns = ['first_name', 'last_name', 'dob', 'email', 'type'] as const;

/** Rows of one account and one holder, being gathered in the window. */
interface Group {
  cells: Record<(typeof holderColumns)[number], string>;
  account: AccountOpening;
  /** Its number in the window, once it has a row there. */
  no: number | null;
}

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
  const openGroup = makeGroupOpener(places, chunking.currency, hashNumber);
  const columns = transactionColumns.map(({ name }) => ({ name, at: places[name] }));
  const window = makeRowWindow();
  let groups = makeGroups(places);

  return {
    take(record) {
      const misshapen = checkShape(record, columns, names.length);
      if (misshapen) return misshapen;
      const { cells } = record;
      const faults: Fault[] = [];
      let group = groups.find(cells);
      const id = readId(cells[places.operation_id]!);
      const time = readTimestamp(cells[places.transaction_ts]!, clock.toUtc);
      const amount = readAmount(cells[places.transaction]!, decimals);
      if (!group) {
        const opened = openGroup(cells);
        if (Array.isArray(opened)) faults.push(...opened);
        else group = opened;
      }
      if (typeof id !== 'string') faults.push(id);
      if ('code' in time) faults.push(time);
      if (typeof amount !== 'bigint') faults.push(amount);
      if (!group || typeof id !== 'string' || 'code' in time || typeof amount !== 'bigint') return faults;
      if (group.no === null) {
        group.no = window.open(group.account);
        groups.add(cells, group);
      }
      window.add(group.no, {
        id,
        occurredAt: time.utc,
        amountMinor: amount,
        line: record.line,
        month: time.month,
      });
      return null;
    },
    *drain() {
      groups = makeGroups(places);
      yield* window.drain();
    },
  };
}

/** The keyed hash of account numbers: the same number is the same account, and nobody without the key can tell which. */
export function makeNumberHasher(key: string): (digits: string) => string {
  return (digits) => createHmac('sha256', key).update(digits).digest('hex');
}

/** Faults of the record as a whole: quotes, and too few or too many cells; and cells that are empty. */
function checkShape(
  record: CsvRecord,
  columns: readonly { name: TransactionColumn; at: number }[],
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
function makeGroupOpener(
  places: Record<TransactionColumn, number>,
  currency: string,
  hashNumber: (digits: string) => string,
): (cells: readonly string[]) => Group | Fault[] {
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
    const [first_name, last_name, dob, email, type] = [
      cell('first_name'),
      cell('last_name'),
      cell('dob'),
      cell('email'),
      cell('type'),
    ];
    return {
      cells: { first_name, last_name, dob, email, type },
      account: {
        numberHash: hashNumber(digits),
        last4: digits.slice(-4),
        type,
        currency,
        holder: { firstName: first_name, lastName: last_name, bornOn: dob, email },
      },
      no: null,
    };
  };
}

function makeDateCheck(clock: ZoneClock): (date: string) => boolean {
  return (date) => clock.toUtc(`${date} 00:00:00`) !== null;
}

/** The groups of a window: by the account's cell as it is written, then by the holder. */
interface Groups {
  find(row: readonly string[]): Group | undefined;
  add(row: readonly string[], group: Group): void;
}

/** Neighbouring rows of an account almost always have one holder: the latest is compared first, the others are looked up. */
function makeGroups(places: Record<TransactionColumn, number>): Groups {
  const byAccount = new Map<string, { latest: Group; byHolder: Map<string, Group> }>();
  const keyOf = (row: readonly string[]): string =>
    JSON.stringify(holderColumns.map((name) => row[places[name]]));
  return {
    find(row) {
      const same = byAccount.get(row[places.account_number]!);
      if (!same || holderColumns.every((name) => same.latest.cells[name] === row[places[name]]))
        return same?.latest;
      const found = same.byHolder.get(keyOf(row));
      if (found) same.latest = found;
      return found;
    },
    add(row, group) {
      const cell = row[places.account_number]!;
      const same = byAccount.get(cell);
      if (same) {
        same.byHolder.set(keyOf(row), group);
        same.latest = group;
      } else {
        byAccount.set(cell, { latest: group, byHolder: new Map([[keyOf(row), group]]) });
      }
    },
  };
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
