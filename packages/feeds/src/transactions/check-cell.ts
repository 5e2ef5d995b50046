import type { Fault } from '@passbook/imports';
import { monthNo, parseAmount } from '@passbook/ledger';
import type { RowCode } from '../codes.js';
import { isUuid } from '../is-uuid.js';
import { accountTypes, EMAIL_CHARS_MAX, NAME_CHARS_MAX } from './columns.js';

/*
 * The rules of single cells. A fault never repeats what the cell holds: it may be an account number.
 */

const accountNumber = /^[0-9][0-9 -]*$/;
/** The rule of HTML for an address. */
const email =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

export function fault(column: string | null, code: RowCode, message: string): Fault {
  return { column, code, message };
}

/** The 12 to 19 digits of an account number, written with blanks or hyphens or without. */
export function readAccountNumber(cell: string): string | Fault {
  const digits = cell.replace(/[ -]/g, '');
  if (accountNumber.test(cell) && digits.length >= 12 && digits.length <= 19) return digits;
  return fault(
    'account_number',
    'ACCOUNT',
    'An account number has 12 to 19 digits, with blanks or hyphens between them at most.',
  );
}

export function checkName(column: 'first_name' | 'last_name', cell: string): Fault | null {
  if (cell.length > NAME_CHARS_MAX)
    return fault(column, 'TYPE_VALUE', `A name has at most ${NAME_CHARS_MAX} characters.`);
  return checkForNumber(column, cell);
}

export function checkEmail(cell: string): Fault | null {
  if (cell.length > EMAIL_CHARS_MAX || !email.test(cell)) {
    return fault('email', 'EMAIL', 'Write the address as name@example.com.');
  }
  return checkForNumber('email', cell);
}

/** @param cell `YYYY-MM-DD` */
export function checkBirthDate(cell: string, isDate: (date: string) => boolean): Fault | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(cell) && isDate(cell)) return null;
  if (mayBeTwoDates(cell)) return fault('dob', 'AMBIGUOUS_DATE', `${twoDates} Write it as 1985-05-31.`);
  return fault('dob', 'TYPE_DATE', 'Write the date as 1985-05-31.');
}

export function checkType(cell: string): Fault | null {
  if ((accountTypes as readonly string[]).includes(cell)) return null;
  return fault('type', 'TYPE_VALUE', `The type of the account is ${accountTypes.join(' or ')}.`);
}

/** @returns the id in lower case */
export function readId(cell: string): string | Fault {
  if (isUuid(cell)) return cell.toLowerCase();
  return fault(
    'operation_id',
    'TYPE_ID',
    'The id of an operation is a UUID, such as 9eedccfe-83fa-4166-b8ad-9b72b0e5f1df.',
  );
}

/** Whether a text can be a time; which one it is, and whether the calendar has it, says the clock of the zone. */
const timestamp = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?$/;

/** @returns UTC, in the canonical text form of Postgres, and the month in the zone, as `monthNo` of the ledger */
export function readTimestamp(
  cell: string,
  toUtc: (local: string) => string | null,
): { utc: string; month: number } | Fault {
  const local = cell.charAt(10) === 'T' ? `${cell.slice(0, 10)} ${cell.slice(11)}` : cell;
  const utc = timestamp.test(cell) ? toUtc(local) : null;
  if (utc !== null) return { utc, month: monthNo(Number(cell.slice(0, 4)), Number(cell.slice(5, 7))) };
  if (mayBeTwoDates(cell))
    return fault('transaction_ts', 'AMBIGUOUS_DATE', `${twoDates} Write the time as 2021-01-31 07:03:21.`);
  return fault(
    'transaction_ts',
    'TYPE_DATE',
    'Write the time as 2021-01-31 07:03:21; it must exist in the calendar and in the time zone.',
  );
}

const twoDates = 'Which number is the day and which the month cannot be told.';

/** Day, month and year in some order, the year in two digits or last in four; a time may follow. */
const otherDate = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,].*)?$/;

/** Whether a text is a date in more than one order of day, month and year, and not the same date in each. */
function mayBeTwoDates(cell: string): boolean {
  const [, first, , second, third] = otherDate.exec(cell) ?? [];
  if (first === undefined) return false;
  const [a, b, c] = [Number(first), Number(second), Number(third)];
  const orders = [[a, b, c], [b, a, c], ...(third!.length === 2 ? [[c, b, a]] : [])];
  const dates = orders.filter(([day, month]) => day! >= 1 && day! <= 31 && month! >= 1 && month! <= 12);
  return new Set(dates.map((date) => date.join('-'))).size > 1;
}

/** Digits, one comma, and three digits behind it: a thousands mark, or a decimal mark. A group of thousands begins with no zero. */
const twoAmounts = /^[+-]?[1-9]\d{0,2},\d{3}$/;

const AMOUNT_HINT = 'Write the amount as -1234.50: digits, a point, no thousands mark, no currency.';

/** @returns minor units of a currency with so many decimals */
export function readAmount(cell: string, decimals: number): bigint | Fault {
  const amount = parseAmount(cell, decimals);
  if (typeof amount === 'bigint') return amount;
  if (amount === 'PRECISION')
    return fault('transaction', amount, `The currency has ${decimals} decimals, the amount more.`);
  if (amount === 'RANGE')
    return fault('transaction', amount, 'No amount has more than 13 digits before the point.');
  if (!twoAmounts.test(cell)) return fault('transaction', amount, AMOUNT_HINT);
  return fault(
    'transaction',
    'AMBIGUOUS_DECIMAL',
    `Whether the comma marks thousands or decimals cannot be told. ${AMOUNT_HINT}`,
  );
}

/** A card number that slipped into a text would be shown in statements: 12 to 19 digits in a row that pass the Luhn check. */
function checkForNumber(column: 'first_name' | 'last_name' | 'email', cell: string): Fault | null {
  for (const [digits] of cell.matchAll(/\d(?:[ -]?\d){11,}/g)) {
    if (holdsLuhnNumber(digits.replace(/[ -]/g, ''))) {
      return fault(column, 'ACCOUNT', 'The cell holds what looks like a card number: remove it.');
    }
  }
  return null;
}

/** Whether any 12 to 19 neighbouring digits pass the check of ISO/IEC 7812. */
function holdsLuhnNumber(digits: string): boolean {
  for (let start = 0; start + 12 <= digits.length; start++) {
    for (let length = 12; length <= 19 && start + length <= digits.length; length++) {
      if (passesLuhn(digits.slice(start, start + length))) return true;
    }
  }
  return false;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = digit * 2;
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** All that is amiss with a row. Of a cell that cannot be read at all only that is said. */
export function joinFaults(unreadable: Fault[], found: readonly unknown[]): Fault[] {
  const columns = new Set(unreadable.map((one) => one.column));
  const faults = found.flat().filter(isFault);
  return [...unreadable, ...faults.filter((one) => !columns.has(one.column))];
}

function isFault(found: unknown): found is Fault {
  return typeof found === 'object' && found !== null && 'code' in found;
}
