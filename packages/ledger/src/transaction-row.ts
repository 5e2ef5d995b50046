/*
 * A row on its way into `transactions`, of which only the account and the import are not known yet. Each has the same
 * length, and holds what Postgres takes in the binary form of COPY (numbers big-endian), so that nobody on the way has
 * to parse it again:
 *
 *    0  id            uuid, 16 bytes
 *   16  occurred_at   int64, microseconds since 2000-01-01 00:00:00 UTC
 *   24  amount_minor  int64, minor units of the currency
 *   32  line          int64
 *   40  month         int32, days from 2000-01-01 to the first day of the row's month in the installation's time zone
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
  /** As `daysToMonth` gives it. */
  month: number;
}

/** Writes a row at a place of a buffer. The caller has checked the syntax of id and time. */
export function writeTransactionRow(bytes: Buffer, at: number, row: TransactionRow): void {
  writeId(bytes, at, row.id);
  bytes.writeBigInt64BE(microsOf(row.occurredAt), at + OCCURRED_AT);
  bytes.writeBigInt64BE(row.amountMinor, at + AMOUNT);
  bytes.writeInt32BE(Math.floor(row.line / 2 ** 32), at + LINE);
  bytes.writeUInt32BE(row.line % 2 ** 32, at + LINE + 4);
  bytes.writeInt32BE(row.month, at + MONTH);
}

/** The row that begins at this place as text, for a person: line, id, UTC and minor units. */
export function printTransactionRow(rows: Buffer, at: number): string {
  const id = rows.toString('hex', at, at + OCCURRED_AT).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const millis = Number(rows.readBigInt64BE(at + OCCURRED_AT) / 1_000n) + YEAR_2000_MS;
  const time = Math.abs(millis) > DATE_MS_MAX ? 'no time of the calendar' : new Date(millis).toISOString();
  return `line ${readLine(rows, at)}  ${id}  ${time}  ${readAmountMinor(rows, at)}`;
}

/** The amount of the row that begins at this place, in minor units. */
export function readAmountMinor(rows: Buffer, at: number): bigint {
  return rows.readBigInt64BE(at + AMOUNT);
}

/** The physical line of the row that begins at this place. */
export function readLine(rows: Buffer, at: number): number {
  return Number(rows.readBigInt64BE(at + LINE));
}

/** The month of the row that begins at this place, as `daysToMonth` gives it. */
export function readMonth(rows: Buffer, at: number): number {
  return rows.readInt32BE(at + MONTH);
}

/** Days from 2000-01-01 to the first day of a month of the Gregorian calendar; negative before. @param month 1 to 12 */
export function daysToMonth(year: number, month: number): number {
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

function writeId(bytes: Buffer, at: number, id: string): void {
  let to = at;
  for (let from = 0; from < id.length; from += 2) {
    if (id.charCodeAt(from) === HYPHEN) from += 1;
    bytes[to++] = (hexDigit(id.charCodeAt(from)) << 4) | hexDigit(id.charCodeAt(from + 1));
  }
}

const HYPHEN = 45;

/** Of a character that is one: letters begin at 65 and 97, digits at 48. */
function hexDigit(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

function microsOf(utc: string): bigint {
  const days = daysToMonth(digits(utc, 0, 4), digits(utc, 5, 7)) + digits(utc, 8, 10) - 1;
  const seconds = digits(utc, 11, 13) * 3600 + digits(utc, 14, 16) * 60 + digits(utc, 17, 19);
  const whole = days * DAY_SECONDS + seconds;
  if (utc.charCodeAt(19) !== POINT) return BigInt(whole) * BigInt(MICROS_OF_SECOND);
  let micros = 0;
  let unit = MICROS_OF_SECOND;
  for (let at = 20, code; (code = utc.charCodeAt(at) - ZERO) >= 0 && code <= 9; at++) {
    unit /= 10;
    micros += code * unit;
  }
  return BigInt(whole) * BigInt(MICROS_OF_SECOND) + BigInt(micros);
}

const POINT = 46;
const ZERO = 48;

function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - ZERO;
  return number;
}
