import { describe, expect, test } from '@jest/globals';
import { CHUNK_BYTES_MAX } from '@passbook/contracts';
import { decodeMonth, decodePayload } from './chunk-payload.js';
import { transactionColumns } from './columns.js';
import { makeNumberHasher, makeTransactionRowReader } from './row-reader.js';

const header = transactionColumns.map((column) => column.name);
const good = {
  account_number: '6011417955832878',
  first_name: 'Janet',
  last_name: 'Shields',
  dob: '1985-05-05',
  email: 'adam31@example.com',
  type: 'credit',
  operation_id: '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df',
  transaction_ts: '2021-01-01 07:03:21',
  transaction: '7715.38',
};

const makeReader = (chunking = { timeZone: 'UTC', currency: 'USD' }) =>
  makeTransactionRowReader(
    header,
    { version: 1, windowRows: 200_000, ...chunking },
    makeNumberHasher('a key for tests'),
  );

const take = (cells: readonly string[], reader = makeReader()) =>
  reader.take({ line: 2, cells: [...cells], size: 100 });
const codesOf = (row: Partial<typeof good>): string[] | undefined =>
  take(Object.values({ ...good, ...row }))?.map((fault) => `${fault.code} ${fault.column}`);

describe('a row of a transactions file', () => {
  test('that fits has no fault', () => expect(codesOf({})).toBeUndefined());

  test.each<[string, Partial<typeof good>, string[]]>([
    ['an empty cell', { first_name: '' }, ['MISSING_CELL first_name']],
    ['an amount with a comma', { transaction: '-500,00' }, ['TYPE_AMOUNT transaction']],
    ['an amount in words', { transaction: 'abc' }, ['TYPE_AMOUNT transaction']],
    ['an amount with too many decimals', { transaction: '1.005' }, ['PRECISION transaction']],
    ['a month that is none', { transaction_ts: '2021-13-01 00:00:00' }, ['TYPE_DATE transaction_ts']],
    ['a day that is none', { transaction_ts: '2021-02-29 00:00:00' }, ['TYPE_DATE transaction_ts']],
    ['a date of another order', { transaction_ts: '01/02/2021 00:00:00' }, ['TYPE_DATE transaction_ts']],
    ['what Postgres would take for a time', { transaction_ts: 'infinity' }, ['TYPE_DATE transaction_ts']],
    ['a birthday that is none', { dob: '1985-02-30' }, ['TYPE_DATE dob']],
    ['an id that is no UUID', { operation_id: '42' }, ['TYPE_ID operation_id']],
    ['an account number that is too short', { account_number: '60114179558' }, ['ACCOUNT account_number']],
    [
      'an account number that is too long',
      { account_number: '60114179558328781234' },
      ['ACCOUNT account_number'],
    ],
    ['an account number with letters', { account_number: '6011x17955832878' }, ['ACCOUNT account_number']],
    ['an address without @', { email: 'adam31.example.com' }, ['EMAIL email']],
    ['an address with a line end', { email: 'a@example.com\nBcc: b@example.com' }, ['EMAIL email']],
    ['a kind of account that is none', { type: 'CREDIT' }, ['TYPE_VALUE type']],
    ['a NUL in a name', { last_name: 'Shi\0elds' }, ['CONTROL_CHARACTER last_name']],
    ['a card number in a name', { first_name: 'Janet 4111 1111 1111 1111' }, ['ACCOUNT first_name']],
    ['a card number in an address', { email: '4111111111111111@example.com' }, ['ACCOUNT email']],
    [
      'several faults at once',
      { transaction: 'x', operation_id: 'y', type: 'z' },
      ['TYPE_VALUE type', 'TYPE_ID operation_id', 'TYPE_AMOUNT transaction'],
    ],
  ])('with %s is quarantined', (_what, row, codes) => expect(codesOf(row)).toEqual(codes));

  test.each<[string, Partial<typeof good>]>([
    ['a path as address', { email: '../../x@y' }],
    ['backslashes, tabs and line ends in a name', { first_name: '\\.', last_name: '\\N\t\n' }],
    ['blanks in the account number', { account_number: '6011 4179 5583 2878' }],
    ['an id in capitals', { operation_id: good.operation_id.toUpperCase() }],
    ['a sign', { transaction: '+0.5' }],
    ['sixteen digits that are no card number, in a name', { first_name: '1000000000007919' }],
  ])('with %s is taken as it is', (_what, row) => expect(codesOf(row)).toBeUndefined());

  test('with too few cells names each that is missing', () => {
    expect(take(Object.values(good).slice(0, 7))?.map((fault) => `${fault.code} ${fault.column}`)).toEqual([
      'MISSING_CELL transaction_ts',
      'MISSING_CELL transaction',
    ]);
  });

  test('with too many cells is quarantined as a whole', () => {
    expect(take([...Object.values(good), 'more'])?.map((fault) => fault.code)).toEqual(['EXTRA_CELL']);
  });

  test('never has a cell repeated in its faults', () => {
    const faults = take(Object.keys(good).map(() => '4111111111111111x'))!;
    expect(faults.length).toBeGreaterThan(5);
    expect(JSON.stringify(faults)).not.toContain('4111');
  });
});

describe('the chunks of a window', () => {
  const readerOf = (
    rows: readonly Partial<typeof good>[],
    chunking?: { timeZone: string; currency: string },
  ) => {
    const reader = makeReader(chunking);
    rows.forEach((row, at) =>
      expect(reader.take({ line: at + 2, cells: Object.values({ ...good, ...row }), size: 1 })).toBeNull(),
    );
    return [...reader.drain()].map((piece) => ({ ...piece, ...decodePayload(piece.payload) }));
  };

  test('hold rows of one account and one holder each', () => {
    const chunks = readerOf([{}, { account_number: '4111111111111111' }, {}, { last_name: 'Other' }]);
    expect(
      chunks.map((chunk) => [chunk.summary.account.last4, chunk.summary.holder.lastName, chunk.rows]),
    ).toEqual([
      ['2878', 'Shields', 2],
      ['1111', 'Shields', 1],
      ['2878', 'Other', 1],
    ]);
  });

  test('carry rows in canonical form, with the sums of exactly these rows', () => {
    const [chunk] = readerOf([
      {
        operation_id: good.operation_id.toUpperCase(),
        transaction: '+1.5',
        transaction_ts: '2021-01-31T23:59:59.500',
      },
      { transaction: '-0.05', transaction_ts: '2022-01-01 00:00:00' },
      { transaction: '0', transaction_ts: '2022-01-01 00:00:00' },
    ]);
    expect(chunk!.rowsText).toBe(
      [
        `${good.operation_id}\t2021-01-31 23:59:59.5+00\t150\t2\n`,
        `${good.operation_id}\t2022-01-01 00:00:00+00\t-5\t3\n`,
        `${good.operation_id}\t2022-01-01 00:00:00+00\t0\t4\n`,
      ].join(''),
    );
    expect(chunk!.summary.months.map(decodeMonth)).toEqual([
      { month: '2021-01', rows: 1, creditCount: 1, creditSumMinor: 150n, debitCount: 0, debitSumMinor: 0n },
      { month: '2022-01', rows: 2, creditCount: 0, creditSumMinor: 0n, debitCount: 1, debitSumMinor: -5n },
    ]);
  });

  test('put a time into the month of its own zone', () => {
    const [chunk] = readerOf([{ transaction_ts: '2021-01-31 23:30:00' }], {
      timeZone: 'America/New_York',
      currency: 'USD',
    });
    expect(chunk!.rowsText).toContain('2021-02-01 04:30:00+00');
    expect(chunk!.summary.months[0]![0]).toBe('2021-01');
  });

  test('stay below the largest message, however long an account is', () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({
      // Each row of another month: the longest summary that there can be.
      transaction_ts: `${String(1 + Math.floor(at / 12)).padStart(4, '0')}-${String(1 + (at % 12)).padStart(2, '0')}-01 00:00:00`,
      transaction: '-9999999999999.99',
    }));
    const chunks = readerOf(rows);
    expect(chunks.length).toBeGreaterThan(4);
    expect(Math.max(...chunks.map((chunk) => chunk.payload.length))).toBeLessThan(CHUNK_BYTES_MAX);
    expect(chunks.reduce((sum, chunk) => sum + chunk.rows, 0)).toBe(20_000);
  });

  test('hold no account number', () => {
    for (const { payload } of readerOf([{}])) expect(payload.toString()).not.toContain(good.account_number);
  });
});
