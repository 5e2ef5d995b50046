import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marksShownBy, readAmountText, type AmountMarks } from './amount-text.js';
import type { AmountLayout } from './format.js';

type Signs = Pick<AmountLayout, 'sign' | 'strip'>;
const plain: Signs = { sign: 'leading', strip: [] };
const comma: AmountMarks = { decimal: ',', thousands: '.' };
const point: AmountMarks = { decimal: '.', thousands: ',' };
const swiss: AmountMarks = { decimal: '.', thousands: "'" };
const french: AmountMarks = { decimal: ',', thousands: ' ' };

test.each([
  ['-500,00', comma, '-500.00'],
  ['1.234,5', comma, '1234.5'],
  ['1.234.567', comma, '1234567'],
  ['1,234', point, '1234'],
  ['1,234', { decimal: ',', thousands: null }, '1.234'],
  ["1'234.50", swiss, '1234.50'],
  ['-1\u202f234,50', french, '-1234.50'],
  ['\u221212,50', comma, '-12.50'],
  ['+60.5', point, '60.5'],
])('%s is %j → %s', (cell, marks, expected) => {
  expect(readAmountText(cell, plain, marks as AmountMarks)).toBe(expected);
});

test.each([
  ['1.23', comma],
  ['0.123', comma],
  ['00.123', comma],
  ['0,123', point],
  ['12.34,50', comma],
  ['1.234.56', comma],
  ['1,2,3', comma],
  ['1234.567,00', comma],
  ['.5', point],
  ['5.', point],
  ['--5', point],
  ['-+5', point],
  ['5-', point],
  ['1e3', point],
  ['١٢', point],
  ['', point],
  ['EUR 5', point],
  ['1 234.00', point],
])('%s is no amount by these marks', (cell, marks) => {
  expect(readAmountText(cell, plain, marks)).toBeNull();
});

test.each([
  ['500,00-', 'trailing', '-500.00'],
  ['500,00', 'trailing', '500.00'],
  ['(500,00)', 'parentheses', '-500.00'],
  ['500,00', 'parentheses', '500.00'],
  ['-500,00', 'trailing', null],
  ['-500,00', 'parentheses', null],
  ['(500,00', 'parentheses', null],
] as const)('%s with the sign %s is %s', (cell, sign, expected) => {
  expect(readAmountText(cell, { sign, strip: [] }, comma)).toBe(expected);
});

test('what is to be stripped may stand on either side, with a blank or without', () => {
  const euro: Signs = { sign: 'leading', strip: ['€'] };
  expect(['-5,00 €', '€ -5,00', '-5,00€'].map((cell) => readAmountText(cell, euro, comma))).toEqual(
    Array(3).fill('-5.00'),
  );
});

describe('what a file shows of its marks', () => {
  test.each([
    ['1,234', 'both'],
    ['1.234', 'both'],
    ['-1.234', 'both'],
    ['12,5', ','],
    ['12,50', ','],
    ['12.50', '.'],
    ['1.234,56', ','],
    ['1,234.56', '.'],
    ['1.234.567', ','],
    ['1,234,567', '.'],
    ['1234,567', ','],
    ['0,123', ','],
    ['0.500', '.'],
    ['1234', null],
    ['text', null],
  ])('%s: %s', (cell, shown) => {
    expect(marksShownBy(cell, plain)).toBe(shown);
  });
});

test('any amount, written by any marks, is read as it was, and never by the marks of others as another number', () => {
  const groups = (digits: string, mark: string): string => digits.replace(/\B(?=(\d{3})+$)/g, mark);
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
      fc.integer({ min: 0, max: 2 }),
      fc.constantFrom(comma, point, swiss, french),
      fc.constantFrom(comma, point, swiss, french),
      (minor, decimals, marks, others) => {
        const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
        const whole = digits.slice(0, digits.length - decimals);
        const fraction = digits.slice(digits.length - decimals);
        const sign = minor < 0n ? '-' : '';
        const written =
          sign + groups(whole, marks.thousands!) + (decimals > 0 ? marks.decimal + fraction : '');
        const expected = sign + whole + (decimals > 0 ? `.${fraction}` : '');
        expect(readAmountText(written, plain, marks)).toBe(expected);
        const shown = marksShownBy(written, plain);
        if (shown === '.' || shown === ',') expect(marks.decimal).toBe(shown);
        const other = readAmountText(written, plain, others);
        if (other !== null && other !== expected) expect(shown).toBe('both');
      },
    ),
    { numRuns: 20_000 },
  );
});
