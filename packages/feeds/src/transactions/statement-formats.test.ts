import { expect, test } from '@jest/globals';
import { formatAmount } from '@passbook/ledger';
import { assert, bigInt, integer, property } from 'fast-check';
import { countFormats, statementFormats } from './statement-formats.js';

/** No-break spaces and marks of direction are Intl's business; the digits and signs are ours. */
const plain = (text: string): string =>
  text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u061c\u200e\u200f]/g, '');

test.each<[string, string, bigint, string, string]>([
  ['en-US', 'USD', 123_456n, '$1,234.56', '+$1,234.56'],
  ['en-US', 'USD', -5n, '-$0.05', '-$0.05'],
  ['en-US', 'USD', 0n, '$0.00', '$0.00'],
  ['de-DE', 'EUR', -123_456n, '-1.234,56 €', '-1.234,56 €'],
  ['en-US', 'JPY', 1_234n, '¥1,234', '+¥1,234'],
  ['en-US', 'HUF', 1_234n, 'HUF 12.34', '+HUF 12.34'],
  ['en-US', 'KWD', 1n, 'KWD 0.001', '+KWD 0.001'],
  ['en-US', 'CLF', 1n, 'CLF 0.0001', '+CLF 0.0001'],
  ['ar-EG', 'EGP', -123_456n, '-١٬٢٣٤٫٥٦ ج.م.', '-١٬٢٣٤٫٥٦ ج.م.'],
  ['en-IN', 'INR', 1_234_567_89n, '₹12,34,567.89', '+₹12,34,567.89'],
])('in %s, %s %d is %s, and as a change %s', (locale, currency, minor, money, change) => {
  const formats = statementFormats(locale, currency);
  expect(plain(formats.money(minor))).toBe(money);
  expect(plain(formats.change(minor))).toBe(change);
});

test('no digit of any amount is lost', () => {
  const formats = statementFormats('en-US', 'USD');
  assert(
    property(bigInt(-(10n ** 40n), 10n ** 40n), (minor) => {
      expect(formats.money(minor).replace(/[$,]/g, '')).toBe(formatAmount(minor, 2));
    }),
  );
});

test.each<[number | bigint, string]>([
  [0, '0 rows'],
  [1, '1 row'],
  [1n, '1 row'],
  [2_000n, '2,000 rows'],
  [9_999, '9,999 rows'],
  [9_999n, '9,999 rows'],
  [10_000, '10,000 rows'],
  [9_007_199_254_740_993n, '9,007,199,254,740,993 rows'],
])('counts %d', (number, text) => expect(countFormats('en-US').counted(number, 'row')).toBe(text));

test('a count is what Intl writes, the first time and the second', () => {
  const { count } = countFormats('ar-EG');
  const format = new Intl.NumberFormat('ar-EG');
  assert(
    property(integer({ min: 0, max: 20_000 }), (number) => {
      expect([count(number), count(BigInt(number))]).toEqual([format.format(number), format.format(number)]);
    }),
  );
});

test.each([
  ['a currency that is none', 'en-US', 'XXX'],
  ['a locale that is none', 'not a locale', 'USD'],
])('%s is an error', (_what, locale, currency) => {
  expect(() => statementFormats(locale, currency)).toThrow(RangeError);
});
