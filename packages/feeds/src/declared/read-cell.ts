import type { Fault } from '@passbook/imports';
import { makeZoneClock } from '@passbook/runtime';
import { checkEmail, fault } from '../transactions/check-cell.js';
import type { Column } from '../feed.js';
import { isUuid } from '../is-uuid.js';

/*
 * The rules of a declared column: from the text of a cell to the canonical text of its type in Postgres, or a fault. A
 * fault never repeats what the cell holds.
 */

/** @returns the canonical text; one value has one text, but for the decimals of a number */
export type CellReader = (cell: string) => string | Fault;

/** Of text without a limit of its own. */
const TEXT_CHARS_MAX = 10_000;

const integer = /^[+-]?\d{1,30}$/;
const decimal = /^([+-]?)(\d{1,30})(?:\.(\d{1,20}))?$/;
const date = /^\d{4}-\d{2}-\d{2}$/;
const time = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)(Z|[+-]\d{2}:\d{2})?$/;

/** The reader of a column's cells; an empty cell is none of its own. @param timeZone of times without one */
export function makeCellReader(column: Column, timeZone: string): CellReader {
  switch (column.type) {
    case 'integer':
      return makeIntegerReader(column);
    case 'number':
      return makeNumberReader(column);
    case 'date':
      return makeDateReader(column);
    case 'datetime':
      return makeTimeReader(column, timeZone);
    case 'uuid':
      return (cell) =>
        isUuid(cell) ? cell.toLowerCase() : fault(column.name, 'TYPE_ID', 'The cell is no UUID.');
    case 'email':
      return (cell) => checkText(column, cell) ?? withName(checkEmail(cell), column) ?? cell;
    case 'string':
      return (cell) => checkText(column, cell) ?? cell;
  }
}

/** The least and the greatest integer of a column, by its format and constraints. */
export function integerLimits({ format, constraints }: Column): { minimum: bigint; maximum: bigint } {
  const bits = format === 'int64' ? 63n : 31n;
  const [least, greatest] = [-(1n << bits), (1n << bits) - 1n];
  const minimum = constraints.minimum === undefined ? least : BigInt(constraints.minimum);
  const maximum = constraints.maximum === undefined ? greatest : BigInt(constraints.maximum);
  return { minimum: minimum > least ? minimum : least, maximum: maximum < greatest ? maximum : greatest };
}

function makeIntegerReader(column: Column): CellReader {
  const { minimum, maximum } = integerLimits(column);
  return (cell) => {
    if (!integer.test(cell))
      return fault(column.name, 'TYPE_NUMBER', 'The cell is no whole number: write digits alone.');
    const value = BigInt(cell.replace('+', ''));
    if (value >= minimum && value <= maximum) return String(value);
    return fault(column.name, 'RANGE', `The number is not between ${minimum} and ${maximum}.`);
  };
}

/** Decimals that are compared: as many as a cell may have. */
const SCALE = 20;

function makeNumberReader(column: Column): CellReader {
  const { minimum, maximum } = column.constraints;
  const [least, greatest] = [minimum, maximum].map((one) => (one === undefined ? null : scaleDecimal(one)));
  return (cell) => {
    const [, sign, digits, decimals] = decimal.exec(cell) ?? [];
    if (digits === undefined)
      return fault(
        column.name,
        'TYPE_NUMBER',
        'The cell is no number: write it as -1234.50, with at most 30 digits and 20 decimals.',
      );
    const value = scaleDecimal(cell);
    if ((least !== null && value < least!) || (greatest !== null && value > greatest!)) {
      const between = [minimum && `at least ${minimum}`, maximum && `at most ${maximum}`].filter(Boolean);
      return fault(column.name, 'RANGE', `The number must be ${between.join(' and ')}.`);
    }
    const whole = digits.replace(/^0+(?=\d)/, '');
    return `${sign === '-' && value !== 0n ? '-' : ''}${whole}${decimals === undefined ? '' : `.${decimals}`}`;
  };
}

/** A decimal number as an integer that compares as it does: of at most SCALE decimals. */
export function scaleDecimal(text: string): bigint {
  const [whole, decimals = ''] = text.replace('+', '').split('.');
  return BigInt(whole + decimals.padEnd(SCALE, '0'));
}

function makeDateReader(column: Column): CellReader {
  const clock = makeZoneClock('UTC');
  return (cell) => {
    if (date.test(cell) && clock.toUtc(`${cell} 00:00:00`) !== null) return cell;
    return fault(column.name, 'TYPE_DATE', 'Write the date as 1985-05-31; it must exist in the calendar.');
  };
}

/** RFC 3339, or without its zone: then it is read in that of the installation. */
function makeTimeReader(column: Column, timeZone: string): CellReader {
  const clock = makeZoneClock(timeZone);
  const utc = makeZoneClock('UTC');
  return (cell) => {
    const [, day, hours, zone] = time.exec(cell) ?? [];
    if (day !== undefined) {
      const moment = (zone === undefined ? clock : utc).toUtc(`${day} ${hours}`);
      const isZone = zone === undefined || zone === 'Z' || /^.(0\d|1[0-4]):[0-5]\d$/.test(zone);
      if (moment !== null && isZone)
        return zone === undefined ? moment : `${day} ${hours}${zone === 'Z' ? '+00' : zone}`;
    }
    return fault(
      column.name,
      'TYPE_DATE',
      'Write the time as 2021-01-31T07:03:21Z, or with another zone such as +02:00; it must exist in the calendar.',
    );
  };
}

function checkText({ name, constraints }: Column, cell: string): Fault | null {
  const { maxLength = TEXT_CHARS_MAX, enum: values, pattern } = constraints;
  // As Postgres and people count: one that takes two units of UTF-16 is one.
  if (cell.length > maxLength && [...cell].length > maxLength)
    return fault(name, 'TYPE_VALUE', `The text has more than ${maxLength} characters.`);
  if (values && !values.includes(cell))
    return fault(name, 'TYPE_VALUE', `The value is none of ${values.join(', ')}.`);
  if (pattern !== undefined && !matches(pattern, cell))
    return fault(name, 'TYPE_VALUE', `The value does not have the form that the feed asks for: ${pattern}`);
  return null;
}

const compiled = new Map<string, RegExp>();

function matches(pattern: string, cell: string): boolean {
  let whole = compiled.get(pattern);
  if (!whole) compiled.set(pattern, (whole = new RegExp(`^(?:${pattern})$`, 'u')));
  return whole.test(cell);
}

function withName(found: Fault | null, { name }: Column): Fault | null {
  return found && { ...found, column: name };
}
