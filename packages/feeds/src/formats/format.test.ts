import { expect, test } from '@jest/globals';
import { parseFormat } from './format.js';

const good = {
  feed: 'transactions',
  description: 'A bank.',
  header: ['Account', 'Date', 'Amount'],
  columns: {
    account_number: { column: 'Account' },
    transaction_ts: { column: 'Date', pattern: 'dd.MM.yyyy' },
    transaction: { column: 'Amount', decimal: ',' },
  },
};

test('what is left out has its default', () => {
  expect(parseFormat('bank', JSON.stringify(good))).toMatchObject({
    name: 'bank',
    delimiter: ',',
    encoding: 'utf-8',
    linesBefore: 0,
    linesAfter: [],
    columns: { transaction: { sign: 'leading', negate: false, strip: [] } },
  });
});

const withColumns = (columns: object): object => ({ ...good, columns: { ...good.columns, ...columns } });

test.each([
  ['{', 'is no JSON'],
  ['[]', 'the format: has to be an object, in { }, and is a list'],
  [{ ...good, delimeter: ';' }, 'delimeter'],
  [{ ...good, header: ['Account', 'Date', 'Amount', 'Date'] }, 'header: "Date" stands twice'],
  [{ ...good, linesAfter: ['('] }, 'linesAfter.0: "(" is no regular expression: Unterminated group'],
  [withColumns({ type: { column: 'Kind' } }), '"Kind" is none of the header'],
  [
    withColumns({ account_number: { column: 'Account', constant: 'x' } }),
    'columns.account_number: needs exactly one',
  ],
  [withColumns({ account_number: {} }), 'columns.account_number: needs exactly one'],
  [withColumns({ email: { fileName: '(.*)' } }), 'columns.email: is a column or a constant'],
  [withColumns({ transaction: { column: 'Amount', credit: 'Amount' } }), 'columns.transaction: needs either'],
  [withColumns({ transaction: { credit: 'Amount' } }), 'columns.transaction: needs either'],
  [withColumns({ transaction: { column: 'Amount', decimal: '.', thousands: '.' } }), 'one mark for both'],
  [
    withColumns({ transaction_ts: { column: 'Date', pattern: 'd.M' } }),
    'columns.transaction_ts: d.M has no year',
  ],
  [withColumns({ transaction_ts: { column: 'Date', pattern: '??/MM/yyyy' } }), 'has not two places with ?'],
  [
    withColumns({ transaction_ts: { column: 'Date', pattern: '??.??' } }),
    'columns.transaction_ts: dd.MM has no year',
  ],
])('%j is refused: %s', (definition, message) => {
  const json = typeof definition === 'string' ? definition : JSON.stringify(definition);
  expect(() => parseFormat('bank', json)).toThrow(message);
});

test('all faults are told at once', () => {
  const faulty = { ...good, delimiter: '::', description: '' };
  expect(() => parseFormat('bank', JSON.stringify(faulty))).toThrow(
    /description[^]*delimiter|delimiter[^]*description/,
  );
});
