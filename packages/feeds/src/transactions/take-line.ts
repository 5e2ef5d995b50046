import type { PlainLine } from '@passbook/csv';
import { parseAmount, writeAmount, writeId, writeLine, writeMonth, writeOccurredAt } from '@passbook/ledger';
import type { TransactionColumn } from './columns.js';
import type { HourReader } from './read-hour.js';
import type { RowWindow } from './row-window.js';

/*
 * The short way of a row: from the bytes of its line to the bytes of the ledger's row, for a row whose account and holder
 * were seen in the window, letter for letter, and with which nothing is amiss. Whatever is in the least unusual is left to
 * the long way (row-reader), which gives the same row for it, or its faults: a test holds both to the same chunks.
 */

/** `YYYY-MM-DD HH:MM:SS`; a time with a fraction goes the long way. */
const TIME_BYTES = 19;
const ID_BYTES = 36;

interface Parts {
  places: Record<TransactionColumn, number>;
  width: number;
  /** The first and the last of the columns of account and holder, which are neighbours. */
  holder: { first: number; last: number };
  decimals: number;
  hours: HourReader;
  /** The group of rows whose cells of account and holder are these bytes, as latin1. */
  findGroup: (key: string) => number | undefined;
  window: RowWindow;
}

/** @returns what takes a line into the window, if it can: true when it did */
export function makeLineTaker(parts: Parts): (line: PlainLine) => boolean {
  const { places, width, holder, decimals, hours, findGroup, window } = parts;
  return ({ bytes, bounds, line, width: given }) => {
    if (given !== width) return false;
    const start = (column: number): number => bounds[column]!;
    const end = (column: number): number => bounds[column + 1]! - 1;
    const group = findGroup(bytes.toString('latin1', start(holder.first), end(holder.last)));
    if (group === undefined) return false;
    const timeAt = start(places.transaction_ts);
    const idAt = start(places.operation_id);
    if (end(places.transaction_ts) - timeAt !== TIME_BYTES || !hasTimeMarks(bytes, timeAt)) return false;
    if (end(places.operation_id) - idAt !== ID_BYTES) return false;
    const hour = hours.find(bytes, timeAt);
    const seconds = readSixty(bytes, timeAt + 14) * 60 + readSixty(bytes, timeAt + 17);
    if (hour === null || !(seconds >= 0)) return false;
    const amount = parseAmount(
      bytes.toString('latin1', start(places.transaction), end(places.transaction)),
      decimals,
    );
    if (typeof amount !== 'bigint') return false;
    const at = window.place();
    const rows = window.bytes();
    if (!writeId(rows, at, bytes, idAt)) return false;
    writeOccurredAt(rows, at, hour.seconds + seconds, 0);
    writeAmount(rows, at, amount);
    writeLine(rows, at, line);
    writeMonth(rows, at, hour.month);
    window.keep(group);
    return true;
  };
}

const COLON = 58;
const HYPHEN = 45;
const BLANK = 32;
const T = 84;

function hasTimeMarks(bytes: Buffer, at: number): boolean {
  const between = bytes[at + 10];
  return (
    bytes[at + 4] === HYPHEN &&
    bytes[at + 7] === HYPHEN &&
    (between === BLANK || between === T) &&
    bytes[at + 13] === COLON &&
    bytes[at + 16] === COLON
  );
}

/** Two digits below 60, or NaN. */
function readSixty(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens < 6 && ones >= 0 && ones < 10 ? tens * 10 + ones : NaN;
}
