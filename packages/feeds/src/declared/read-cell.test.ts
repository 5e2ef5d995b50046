import { describe, expect, test } from '@jest/globals';
import type { Column } from '../feed.js';
import { makeCellReader } from './read-cell.js';

const read = (column: Partial<Column> & Pick<Column, 'type'>, cell: string): string => {
  const whole: Column = { name: 'cell', ...column, constraints: { required: true, ...column.constraints } };
  const found = makeCellReader(whole, 'Europe/Berlin')(cell);
  return typeof found === 'string' ? found : found.code;
};

describe('an integer', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['+12', '12'],
    ['007', '7'],
    ['2147483647', '2147483647'],
    ['2147483648', 'RANGE'],
    ['-2147483648', '-2147483648'],
    ['-2147483649', 'RANGE'],
    ['z1111753583', 'TYPE_NUMBER'],
    ['11119b88202', 'TYPE_NUMBER'],
    ['1.0', 'TYPE_NUMBER'],
    [' 1', 'TYPE_NUMBER'],
  ])('of 32 bits: %s is %s', (cell, found) => expect(read({ type: 'integer' }, cell)).toBe(found));

  test.each([
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', 'RANGE'],
  ])('of 64 bits: %s is %s', (cell, found) =>
    expect(read({ type: 'integer', format: 'int64' }, cell)).toBe(found),
  );
});

test.each([
  ['1.50', '1.50'],
  ['+01.5', '1.5'],
  ['-0.00', '0.00'],
  ['99.5', '99.5'],
  ['99.50000000000000000001', 'RANGE'],
  ['-10.1', 'RANGE'],
  ['1e3', 'TYPE_NUMBER'],
  ['1,5', 'TYPE_NUMBER'],
])('a number between -10 and 99.5: %s is %s, exactly', (cell, found) =>
  expect(
    read({ type: 'number', constraints: { required: true, minimum: '-10', maximum: '99.5' } }, cell),
  ).toBe(found),
);

test.each([
  ['2021-07-01 12:00:00', '2021-07-01 10:00:00+00'],
  ['2021-07-01T12:00:00.25Z', '2021-07-01 12:00:00.25+00'],
  ['2021-07-01T12:00:00-05:30', '2021-07-01 12:00:00-05:30'],
  ['2021-02-30T12:00:00Z', 'TYPE_DATE'],
  ['2021-07-01T12:00:00+15:00', 'TYPE_DATE'],
  ['2021-03-28 02:30:00', 'TYPE_DATE'],
])('a time: %s is %s', (cell, found) => expect(read({ type: 'datetime' }, cell)).toBe(found));

test.each([
  ['abc', 'abc'],
  ['abcd', 'TYPE_VALUE'],
  ['😀😀😀', '😀😀😀'],
])('a text of three characters: %s is %s', (cell, found) =>
  expect(read({ type: 'string', constraints: { required: true, maxLength: 3 } }, cell)).toBe(found),
);

test('a text of another form is told the form', () => {
  const found = makeCellReader(
    { name: 'currency', type: 'string', constraints: { required: true, pattern: '[A-Z]{3}' } },
    'UTC',
  )('usd');
  expect(found).toEqual({
    column: 'currency',
    code: 'TYPE_VALUE',
    message: 'The value does not have the form that the feed asks for: [A-Z]{3}',
  });
});

test('a fault never repeats what the cell holds', () => {
  const types = ['integer', 'number', 'date', 'datetime', 'uuid', 'email'] as const;
  for (const type of types) {
    const found = makeCellReader(
      { name: 'cell', type, constraints: { required: true } },
      'UTC',
    )('4111secret');
    expect(JSON.stringify(found)).not.toContain('4111secret');
  }
});
