import { isLosslessNumber, LosslessNumber } from 'lossless-json';
import { currencyDecimals, formatAmount, parseAmount } from '@passbook/ledger';
import { z } from 'zod';
import { writePlain } from './read-json.js';
import { bodyFault } from './problem.js';

/* What stands in requests and answers again and again. */

/** A name: 1 to 200 characters, none of them a control character or half of one, and not blanks alone. */
export const plainText = z
  .string()
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,200}$/u, {
    error: 'is not a text of 1 to 200 characters without control characters',
  })
  .refine((text) => !/[\ud800-\udfff]/u.test(text) && text.trim() !== '', {
    error: 'is blank, or has half of a character',
  });

/** The id of a row, in an address or a body of /v1. One that is too large is that of nothing. */
export const idText = (what: string) =>
  z
    .string()
    .regex(/^\d{1,30}$/, { error: `is not the id of ${what}: digits` })
    .describe(`The id of ${what}`);

/** ISO 4217 */
export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'is not a currency code of three capital letters, such as USD' })
  .refine(isCurrency, { error: 'is not the code of a currency in use (ISO 4217, such as USD)' });

export const amountText = z
  .string()
  .regex(/^\d{1,13}(\.\d{1,4})?$/, { error: 'is not an amount: digits, such as 12.50' })
  .describe('Above 0, with no more decimals than the currency has');

/** When something takes effect. What it may be, readMoment knows. */
export const occurredAtText = z
  .string()
  .max(40)
  .describe('RFC 3339; without a zone it is read in TIME_ZONE. Not in the future. Now unless given');

/** @throws ProblemError when it is not above 0, or has more decimals than the currency */
export function readAmount(text: string, currency: string): bigint {
  const decimals = currencyDecimals(currency);
  const minor = parseAmount(text, decimals);
  if (minor === 'PRECISION') throw bodyFault('amount', `${currency} has ${decimals} decimals`);
  if (typeof minor === 'string') throw bodyFault('amount', 'is not an amount');
  if (minor <= 0n) throw bodyFault('amount', 'is not above 0');
  return minor;
}

/** As decimal text with all decimals of the currency. */
export function writeAmount(minor: bigint, currency: string): string {
  return formatAmount(minor, currencyDecimals(currency));
}

/** A whole number of JSON, such as an id; `1.0` is one, `true`, `"1"` and `1.9` are none. */
export const wholeNumber = z
  .custom<LosslessNumber>(isLosslessNumber, { error: 'Input should be a valid integer' })
  .meta({ type: 'integer' })
  .transform((number, context) => {
    const plain = writePlain(number);
    if (plain !== null && /^-?\d{1,30}$/.test(plain)) return BigInt(plain);
    context.addIssue('Input should be a valid integer');
    return z.NEVER;
  });

/** An amount as a number of JSON, read from its text, in minor units of the currency. */
export function amountNumber(currency: string) {
  const decimals = currencyDecimals(currency);
  return z
    .custom<LosslessNumber>(isLosslessNumber, { error: 'Input should be a valid number' })
    .meta({ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1e13, multipleOf: 10 ** -decimals })
    .transform((number, context) => {
      const minor = parseAmount(writePlain(number) ?? '', decimals);
      if (typeof minor === 'bigint' && minor > 0n) return minor;
      const isFine = minor === 'PRECISION' ? `no more than ${decimals} decimal places` : 'at most 13 digits';
      context.addIssue(
        typeof minor === 'bigint' ? 'Input should be greater than 0' : `Input should have ${isFine}`,
      );
      return z.NEVER;
    });
}

/** A number of an answer, written exactly. */
export const exactNumber = z.custom<LosslessNumber>(isLosslessNumber).meta({ type: 'number' });

/** The id of a row as a number of an answer. */
export const exactId = z.bigint().meta({ type: 'integer', minimum: 1 });

/** `500.5`, `1001`: without needless zeros. */
export function writeNumber(minor: bigint, currency: string): LosslessNumber {
  return new LosslessNumber(writePlain(new LosslessNumber(writeAmount(minor, currency)))!);
}

function isCurrency(code: string): boolean {
  try {
    currencyDecimals(code);
    return true;
  } catch {
    return false;
  }
}
