/*
 * A row on its way into `transactions`, of which only the account and the import are not known yet. Each has the same
 * length, and holds what Postgres takes in the binary form of COPY (numbers big-endian), so that nobody on the way has
 * to parse it again:
 *
 *    0  id            uuid, 16 bytes
 *   16  occurred_at   int64, microseconds since 2000-01-01 00:00:00 UTC
 *   24  amount_minor  int64, minor units of the currency
 *   32  line          int64
 *   40  month         int32, as `monthNo` gives it, in the installation's time zone
 */
export const ROW_BYTES = 44;

const OCCURRED_AT = 16;
const AMOUNT = 24;
const LINE = 32;
const MONTH = 40;

const YEAR_2000_MS = Date.UTC(2000, 0, 1);
/** The last moment that a Date can be. */
const DATE_MS_MAX = 8.64e15;

const DAY_SECONDS = 86_400;
const MICROS_OF_SECOND = 1_000_000;

export interface TransactionRow {
  /** A UUID in any case. */
  id: string;
  /** UTC, as `YYYY-MM-DD HH:MM:SS[.ffffff]`; what follows is not read. */
  occurredAt: string;
  amountMinor: bigint;
  /** Where the row starts in the file. */
  line: number;
  /** As `monthNo` gives it. */
  month: number;
}

/** Writes a row at a place of a buffer. The caller has checked the syntax of id and time. */
export function writeTransactionRow(bytes: Buffer, at: number, row: TransactionRow): void {
  writeId(bytes, at, Buffer.from(row.id, 'latin1'), 0);
  writeOccurredAt(bytes, at, secondsOf(row.occurredAt), microsOf(row.occurredAt));
  writeAmount(bytes, at, row.amountMinor);
  writeLine(bytes, at, row.line);
  writeMonth(bytes, at, row.month);
}

/** Writes the id of a row from the 36 bytes of its text. @returns false when they are no UUID: the id is not whole then */
export function writeId(bytes: Buffer, at: number, text: Buffer, from: number): boolean {
  let to = at;
  for (let offset = 0; offset < ID_CHARS; offset += 2) {
    if (offset === 8 || offset === 13 || offset === 18 || offset === 23) {
      if (text[from + offset] !== HYPHEN) return false;
      offset += 1;
    }
    const high = hexDigits[text[from + offset]!]!;
    const low = hexDigits[text[from + offset + 1]!]!;
    if ((high | low) > 15) return false;
    bytes[to++] = (high << 4) | low;
  }
  return true;
}

/** @param seconds since 2000-01-01 00:00:00 UTC @param micros 0 to 999,999 */
export function writeOccurredAt(bytes: Buffer, at: number, seconds: number, micros: number): void {
  const total = seconds * MICROS_OF_SECOND + micros;
  if (!Number.isSafeInteger(total)) {
    bytes.writeBigInt64BE(BigInt(seconds) * BigInt(MICROS_OF_SECOND) + BigInt(micros), at + OCCURRED_AT);
    return;
  }
  writeInteger(bytes, at + OCCURRED_AT, total);
}

export function writeAmount(bytes: Buffer, at: number, amountMinor: bigint): void {
  bytes.writeBigInt64BE(amountMinor, at + AMOUNT);
}

export function writeLine(bytes: Buffer, at: number, line: number): void {
  writeInteger(bytes, at + LINE, line);
}

/** @param month as `monthNo` gives it */
export function writeMonth(bytes: Buffer, at: number, month: number): void {
  bytes.writeInt32BE(month, at + MONTH);
}

/** A whole number of up to 53 bits as an int64: half the time that a bigint takes. */
function writeInteger(bytes: Buffer, at: number, integer: number): void {
  const high = Math.floor(integer / 2 ** 32);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(integer - high * 2 ** 32, at + 4);
}

/** The row that begins at this place as text, for a person: line, id, UTC and minor units. */
export function printTransactionRow(rows: Buffer, at: number): string {
  const { line, id, occurredAt, amountMinor } = readTransactionRow(rows, at);
  return `line ${line}  ${id}  ${occurredAt}  ${amountMinor}`;
}

/** The row that begins at this place; its time in milliseconds, as RFC 3339 in UTC. */
export function readTransactionRow(rows: Buffer, at: number): Omit<TransactionRow, 'month'> {
  const millis = Number(rows.readBigInt64BE(at + OCCURRED_AT) / 1_000n) + YEAR_2000_MS;
  return {
    line: readLine(rows, at),
    id: rows.toString('hex', at, at + OCCURRED_AT).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    occurredAt: Math.abs(millis) > DATE_MS_MAX ? 'no time of the calendar' : new Date(millis).toISOString(),
    amountMinor: readAmountMinor(rows, at),
  };
}

/** The amount of the row that begins at this place, in minor units. */
export function readAmountMinor(rows: Buffer, at: number): bigint {
  return rows.readBigInt64BE(at + AMOUNT);
}

/** The physical line of the row that begins at this place. */
export function readLine(rows: Buffer, at: number): number {
  return Number(rows.readBigInt64BE(at + LINE));
}

/** The month of the row that begins at this place, as `monthNo` gives it. */
export function readMonth(rows: Buffer, at: number): number {
  return rows.readInt32BE(at + MONTH);
}

export const MONTHS = 12;

/** The number of a month among those of all years from 0. @param month 1 to 12 */
export function monthNo(year: number, month: number): number {
  return year * MONTHS + month - 1;
}

/** Days from 2000-01-01 to the first day of a month of the Gregorian calendar; negative before. @param month 1 to 12 */
function daysToMonth(year: number, month: number): number {
  // Years that begin with March have their leap day last: then a rule of three gives the days before each month.
  const shifted = month < 3 ? year - 1 : year;
  const monthsSinceMarch = (month + 9) % 12;
  const days =
    365 * shifted + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return (
    days + Math.floor((153 * monthsSinceMarch + 2) / 5) - DAYS_TO_2000_MARCH + DAYS_OF_JANUARY_AND_FEBRUARY
  );
}

/** 365 × 2000 + 500 − 20 + 5: what the formula gives for 2000-03-01. */
const DAYS_TO_2000_MARCH = 730_485;
const DAYS_OF_JANUARY_AND_FEBRUARY = 60;

const ID_CHARS = 36;
const HYPHEN = 45;

/** The value of each byte that is a hexadecimal digit; 16 for all others. */
const hexDigits = new Uint8Array(256).fill(16);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  hexDigits[digit.charCodeAt(0)] = value;
  hexDigits[digit.toUpperCase().charCodeAt(0)] = value;
}

/** Seconds from 2000-01-01 to a time in UTC, as `YYYY-MM-DD HH:MM:SS`; what follows is not read. */
export function secondsOf(utc: string): number {
  const days = daysToMonth(digits(utc, 0, 4), digits(utc, 5, 7)) + digits(utc, 8, 10) - 1;
  return days * DAY_SECONDS + digits(utc, 11, 13) * 3600 + digits(utc, 14, 16) * 60 + digits(utc, 17, 19);
}

/** The fraction of a time, where it has one. */
function microsOf(utc: string): number {
  if (utc.charCodeAt(19) !== POINT) return 0;
  let micros = 0;
  let unit = MICROS_OF_SECOND;
  for (let at = 20, code; (code = utc.charCodeAt(at) - ZERO) >= 0 && code <= 9; at++) {
    unit /= 10;
    micros += code * unit;
  }
  return micros;
}

const POINT = 46;
const ZERO = 48;

function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - ZERO;
  return number;
}
