import type { PlainLine } from '@passbook/csv';
import type { Column } from '../feed.js';
import { hashKeyCell, KEY_HASH_SEED } from './key-hash.js';
import type { LaneWindow } from './lane-window.js';
import { NO_RANK, rankNumber } from './key-rank.js';
import { integerLimits, type CellReader } from './read-cell.js';

/*
 * The short way of a row: the bytes of its line, with tabs for commas, when each cell stands there as COPY takes it. Whatever
 * is in the least unusual is left to the long way (declared-row-reader), which gives the same row for it, or its faults: a test
 * holds both to the same chunks.
 */

interface Parts {
  columns: readonly Column[];
  places: readonly { at: number; isOptional: boolean }[];
  readers: readonly CellReader[];
  isKey: readonly boolean[];
  /** The column that the rows of a chunk are sorted by; -1: none. */
  rankColumn: number;
  width: number;
  window: LaneWindow;
}

/** Whether the bytes of a cell are good, and what COPY takes as they are. */
type PlainCheck = (bytes: Buffer, from: number, to: number) => boolean;

/** A longer line takes the long way: less than a row may have, with all that is added to it. */
const LINE_BYTES_MAX = 8 * 1024;

/** The number of the line, as decimal digits. */
const LINE_NO_BYTES = 16;

/** What a cell may take more in its row than in its line: a tab, and `\\N` for nothing or `+00` for a zone. */
const GROWTH_BYTES = 4;

const TAB = 9;
const LF = 10;
const BACKSLASH = 92;
const HYPHEN = 45;
const ZERO = 48;
const LETTER_N = 78;

/** @returns what takes a line into the window, if it can: true when it did */
export function makeDeclaredLineTaker(parts: Parts): (line: PlainLine) => boolean {
  const { columns, isKey, rankColumn, width, window } = parts;
  const places = parts.places.map(({ at }) => at);
  const checks = columns.map((column, at) => makePlainCheck(column, parts.readers[at]!));
  const rewrites = columns.map(({ type }, at) =>
    type === 'datetime' ? makeTimeRewrite(parts.readers[at]!) : null,
  );
  const isOptional = parts.places.map((place) => place.isOptional);
  const count = columns.length;
  const row = Buffer.allocUnsafeSlow(LINE_BYTES_MAX + LINE_NO_BYTES + GROWTH_BYTES * count);
  return ({ bytes, bounds, line, width: given }) => {
    if (given !== width || bounds[width]! - bounds[0]! > LINE_BYTES_MAX) return false;
    let end = writeNumber(row, line);
    let hash = KEY_HASH_SEED;
    let rank = NO_RANK;
    for (let column = 0; column < count; column++) {
      const from = bounds[places[column]!]!;
      const to = bounds[places[column]! + 1]! - 1;
      row[end++] = TAB;
      if (from === to) {
        if (!isOptional[column]) return false;
        row[end++] = BACKSLASH;
        row[end++] = LETTER_N;
        continue;
      }
      const start = end;
      const rewrite = rewrites[column];
      if (rewrite) {
        const text = rewrite(bytes, from, to);
        if (text === null) return false;
        end += row.write(text, end, 'latin1');
      } else {
        if (!checks[column]!(bytes, from, to)) return false;
        for (let at = from; at < to; at++) row[end++] = bytes[at]!;
      }
      if (isKey[column]) hash = hashKeyCell(hash, row, start, end);
      if (column === rankColumn) rank = rankNumber(bytes, from, to);
    }
    row[end++] = LF;
    window.add(row, end, hash, rank);
    return true;
  };
}

function writeNumber(row: Buffer, number: number): number {
  let digits = 1;
  for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  for (let at = digits - 1, rest = number; at >= 0; at--, rest = Math.floor(rest / 10))
    row[at] = ZERO + (rest % 10);
  return digits;
}

function makePlainCheck(column: Column, read: CellReader): PlainCheck {
  const { type, constraints } = column;
  if (type === 'integer') return makePlainIntegerCheck(column);
  if (type === 'string' && !constraints.enum && constraints.pattern === undefined) {
    const { maxLength = LINE_BYTES_MAX } = constraints;
    return (bytes, from, to) => to - from <= maxLength && isPlainText(bytes, from, to);
  }
  return (bytes, from, to) => {
    if (!isPlainText(bytes, from, to)) return false;
    const cell = bytes.toString('latin1', from, to);
    return read(cell) === cell;
  };
}

/** A time has many forms, and nearly all stand in files in another one than in chunks. Null: it is left to the long way. */
function makeTimeRewrite(read: CellReader): (bytes: Buffer, from: number, to: number) => string | null {
  return (bytes, from, to) => {
    if (!isPlainText(bytes, from, to)) return null;
    const text = read(bytes.toString('latin1', from, to));
    return typeof text === 'string' ? text : null;
  };
}

/** Digits that a double counts exactly. */
const EXACT_DIGITS = 15;

function makePlainIntegerCheck(column: Column): PlainCheck {
  const { minimum, maximum } = integerLimits(column);
  const [least, greatest] = [Number(minimum), Number(maximum)];
  return (bytes, from, to) => {
    const isNegative = bytes[from] === HYPHEN;
    const first = isNegative ? from + 1 : from;
    const digits = to - first;
    if (digits < 1 || digits > EXACT_DIGITS) return false;
    if (bytes[first] === ZERO && (digits > 1 || isNegative)) return false;
    let value = 0;
    for (let at = first; at < to; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) return false;
      value = value * 10 + digit;
    }
    if (isNegative) value = -value;
    return value >= least && value <= greatest;
  };
}

/** Printable ASCII without a backslash. */
function isPlainText(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return false;
  }
  return true;
}
