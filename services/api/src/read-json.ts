import { isUtf8 } from 'node:buffer';
import { parse, type LosslessNumber } from 'lossless-json';

/*
 * JSON as it was written: a number is kept as its text, because as a float 0.1 would be another amount. A name that stands
 * twice in an object with two values is refused: nobody knows which was meant.
 */

/** @returns undefined where there is nothing @throws SyntaxError that says what is wrong */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new SyntaxError('The body is not UTF-8');
  try {
    return parse(bytes.toString('utf8'));
  } catch (err) {
    // The parser calls itself for each level.
    if (err instanceof RangeError) throw new SyntaxError('The body is nested too deeply', { cause: err });
    throw err;
  }
}

/** Beyond it no number is an amount or an id; to write its zeros out would only take memory. */
const EXPONENT_MAX = 1000;

/**
 * A number of JSON as decimal text without exponent and without needless zeros: `1e3` is `1000`, `1.10` is `1.1`, `-0.0`
 * is `0`. Null where the exponent is beyond a thousand.
 */
export function writePlain(number: LosslessNumber): string | null {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(
    number.value,
  )!;
  const digits = whole! + fraction;
  if (/^0+$/.test(digits)) return '0';
  if (Math.abs(Number(exponent)) > EXPONENT_MAX) return null;
  const point = whole!.length + Number(exponent);
  const padded = '0'.repeat(Math.max(0, -point)) + digits + '0'.repeat(Math.max(0, point - digits.length));
  const at = Math.max(0, point);
  const before = stripLeadingZeros(padded.slice(0, at));
  const after = stripTrailingZeros(padded.slice(at));
  return `${sign}${before === '' ? '0' : before}${after === '' ? '' : `.${after}`}`;
}

function stripLeadingZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}

/** A regular expression would look at each run of zeros from each of its zeros. */
function stripTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
