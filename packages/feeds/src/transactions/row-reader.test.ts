import { describe, expect, test } from '@jest/globals';
import { CHUNK_BYTES_MAX } from '@passbook/contracts';
import { monthNo, readLine, ROW_BYTES } from '@passbook/ledger';
import { decodeChunkPayload } from './chunk-payload.js';
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
    { version: 4, windowRows: 200_000, ...chunking },
    makeNumberHasher('a key for tests'),
  );

const take = (cells: readonly string[], reader = makeReader()) =>
  reader.take({ line: 2, cells: [...cells], size: 100 });
const codesOf = (row: Partial<typeof good>): string[] | undefined =>
  take(Object.values({ ...good, ...row }))?.map((fault) => `${fault.code} ${fault.column}`);

describe('a row of a transactions file', () => {
  test('that has swallowed the next one, for a quotation mark that is not closed, is QUOTE', () => {
    const cells = Object.values(good);
    const merged = [
      `${cells[0]}`,
      `${cells.slice(1).join()}\n${cells.slice(0, 2).join()}`,
      ...cells.slice(2),
    ];
    expect(take(merged)?.map(({ code }) => code)).toEqual(['QUOTE']);
    expect(codesOf({ first_name: 'two\nlines, and, a, few, commas' })).toBeUndefined();
  });

  test('that fits has no fault', () => expect(codesOf({})).toBeUndefined());

  test.each<[string, Partial<typeof good>, string[]]>([
    ['an empty cell', { first_name: '' }, ['MISSING_CELL first_name']],
    ['an amount with a decimal comma', { transaction: '-500,00' }, ['TYPE_AMOUNT transaction']],
    ['an amount with both marks', { transaction: '1.234,50' }, ['TYPE_AMOUNT transaction']],
    ['an amount with both marks, the other way', { transaction: '1,234.50' }, ['TYPE_AMOUNT transaction']],
    ['an amount with two thousands marks', { transaction: '1,234,567' }, ['TYPE_AMOUNT transaction']],
    ['a decimal comma behind a zero', { transaction: '0,123' }, ['TYPE_AMOUNT transaction']],
    ['a comma for thousands or decimals', { transaction: '1,234' }, ['AMBIGUOUS_DECIMAL transaction']],
    ['the same, with a sign', { transaction: '-123,456' }, ['AMBIGUOUS_DECIMAL transaction']],
    ['an amount of 14 digits', { transaction: '12345678901234' }, ['RANGE transaction']],
    [
      'an amount of 14 digits and many decimals',
      { transaction: '-12345678901234.123' },
      ['RANGE transaction'],
    ],
    ['a float', { transaction: '1e5' }, ['TYPE_AMOUNT transaction']],
    ['what Postgres would take for an amount', { transaction: 'NaN' }, ['TYPE_AMOUNT transaction']],
    ['an amount in words', { transaction: 'abc' }, ['TYPE_AMOUNT transaction']],
    ['an amount with too many decimals', { transaction: '1.005' }, ['PRECISION transaction']],
    ['a month that is none', { transaction_ts: '2021-13-01 00:00:00' }, ['TYPE_DATE transaction_ts']],
    ['a day that is none', { transaction_ts: '2021-02-29 00:00:00' }, ['TYPE_DATE transaction_ts']],
    ['a day or a month first', { transaction_ts: '01/02/2021 00:00:00' }, ['AMBIGUOUS_DATE transaction_ts']],
    [
      'a date without time, that may be two',
      { transaction_ts: '1-2-2021' },
      ['AMBIGUOUS_DATE transaction_ts'],
    ],
    ['a year of two digits', { transaction_ts: '21-02-03' }, ['AMBIGUOUS_DATE transaction_ts']],
    ['a day that can be no month', { transaction_ts: '31.01.2021' }, ['TYPE_DATE transaction_ts']],
    ['a date that is the same both ways', { transaction_ts: '02/02/2021' }, ['TYPE_DATE transaction_ts']],
    ['a birthday that may be two', { dob: '05.06.1985' }, ['AMBIGUOUS_DATE dob']],
    ['a birthday with a day that can be no month', { dob: '5/31/1985' }, ['TYPE_DATE dob']],
    ['what Postgres would take for a time', { transaction_ts: 'infinity' }, ['TYPE_DATE transaction_ts']],
    ['what Postgres would take for now', { transaction_ts: 'now' }, ['TYPE_DATE transaction_ts']],
    ['what Postgres would take for no value', { transaction_ts: '\\N' }, ['TYPE_DATE transaction_ts']],
    ['what Postgres would take for a birthday', { dob: '-infinity' }, ['TYPE_DATE dob']],
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
    ['a NUL in an amount', { transaction: '1\0' }, ['CONTROL_CHARACTER transaction']],
    ['a control character of Latin-1', { last_name: 'Shi\u0085elds' }, ['CONTROL_CHARACTER last_name']],
    ['a character that was lost', { last_name: 'M\ufffdller' }, ['ENCODING last_name']],
    ['a character that was lost in a date', { dob: '1985\ufffd05-05' }, ['ENCODING dob']],
    [
      'empty cells, lost characters and other faults at once',
      { first_name: '', email: '\ufffd', type: '', transaction: '1,234', transaction_ts: 'x' },
      [
        'MISSING_CELL first_name',
        'ENCODING email',
        'MISSING_CELL type',
        'TYPE_DATE transaction_ts',
        'AMBIGUOUS_DECIMAL transaction',
      ],
    ],
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

  test('of an import that an earlier version has begun is read as that version read it', () => {
    const damaged = Object.values({ ...good, last_name: 'M\ufffd\u0085ller' });
    const readerOf = (version: number): ReturnType<typeof makeReader> =>
      makeTransactionRowReader(
        header,
        { version, windowRows: 5, timeZone: 'UTC', currency: 'USD' },
        makeNumberHasher('a key for tests'),
      );
    expect(take(damaged, readerOf(3))).toBeNull();
    expect(take(damaged, readerOf(4))?.map((fault) => fault.code)).toEqual(['ENCODING']);
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
    return [...reader.drain()].map((piece) => ({ ...piece, parts: decodeChunkPayload(piece.payload) }));
  };
  const partsOf = (...given: Parameters<typeof readerOf>) => readerOf(...given).flatMap(({ parts }) => parts);
  const linesOf = (rows: Buffer): number[] =>
    Array.from({ length: rows.length / ROW_BYTES }, (_, row) => readLine(rows, row * ROW_BYTES));

  test('hold rows of one account and one holder after the other', () => {
    const parts = partsOf([{}, { account_number: '4111111111111111' }, {}, { last_name: 'Other' }]);
    const found = parts.map(({ account, rows }) => [account.last4, account.holder.lastName, linesOf(rows)]);
    expect(found.sort()).toEqual([
      ['1111', 'Shields', [3]],
      ['2878', 'Other', [5]],
      ['2878', 'Shields', [2, 4]],
    ]);
  });

  test('have all rows of an account in one lane, and those of many accounts in every lane', () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => ({
      account_number: String(4_000_000_000_000 + (at % 500)),
    }));
    const chunks = readerOf(rows);
    const laneOf = new Map<string, string>();
    for (const { key, parts } of chunks) {
      for (const { account } of parts) {
        expect(laneOf.get(account.numberHash) ?? key).toBe(key);
        laneOf.set(account.numberHash, key);
      }
    }
    expect(laneOf.size).toBe(500);
    expect([...new Set(laneOf.values())].sort()).toEqual(
      Array.from({ length: 24 }, (_, lane) => String(lane)).sort(),
    );
    expect(chunks.reduce((sum, chunk) => sum + chunk.rows, 0)).toBe(2_000);
  });

  test('carry rows as the ledger takes them', () => {
    const [part] = partsOf([
      {
        operation_id: good.operation_id.toUpperCase(),
        transaction: '+1.5',
        transaction_ts: '2021-01-31T23:59:59.500',
      },
      { transaction: '-0.05', transaction_ts: '2022-01-01 00:00:00' },
    ]);
    const row = (micros: bigint, amountMinor: bigint, line: number, month: number): Buffer => {
      const bytes = Buffer.alloc(ROW_BYTES);
      bytes.write(good.operation_id.replaceAll('-', ''), 0, 'hex');
      bytes.writeBigInt64BE(micros, 16);
      bytes.writeBigInt64BE(amountMinor, 24);
      bytes.writeBigInt64BE(BigInt(line), 32);
      bytes.writeInt32BE(month, 40);
      return bytes;
    };
    const since2000 = (time: string): bigint => BigInt(Date.parse(time) - Date.UTC(2000, 0, 1)) * 1000n;
    const expected = [
      row(since2000('2021-01-31T23:59:59.500Z'), 150n, 2, monthNo(2021, 1)),
      row(since2000('2022-01-01T00:00:00Z'), -5n, 3, monthNo(2022, 1)),
    ];
    expect(part!.rows.toString('hex')).toBe(Buffer.concat(expected).toString('hex'));
  });

  test('put a time into the month of its own zone', () => {
    const [part] = partsOf([{ transaction_ts: '2021-01-31 23:30:00' }], {
      timeZone: 'America/New_York',
      currency: 'USD',
    });
    const utc = BigInt(Date.UTC(2021, 1, 1, 4, 30) - Date.UTC(2000, 0, 1)) * 1000n;
    expect(part!.rows.readBigInt64BE(16)).toBe(utc);
    expect(part!.rows.readInt32BE(40)).toBe(monthNo(2021, 1));
  });

  test.each<[string, (at: number) => Partial<typeof good>]>([
    ['the rows of one account', () => ({})],
    // Names that take more bytes in JSON than they have characters.
    [
      'accounts whose holders have the longest names',
      (at) => ({
        account_number: String(4_000_000_000_000 + at),
        first_name: '\t\u2028\\'.repeat(300),
        last_name: '汉'.repeat(1_000),
      }),
    ],
  ])('stay below the largest message, however many are %s', (_what, rowOf) => {
    const chunks = readerOf(Array.from({ length: 20_000 }, (_, at) => rowOf(at)));
    expect(Math.max(...chunks.map((chunk) => chunk.payload.length))).toBeLessThanOrEqual(CHUNK_BYTES_MAX);
    const lines = chunks.flatMap(({ parts }) => parts.flatMap(({ rows }) => linesOf(rows)));
    expect(lines.sort((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, at) => at + 2));
    expect(
      chunks.every(({ rows, parts }) => rows === parts.reduce((sum, part) => sum + part.account.rows, 0)),
    ).toBe(true);
  });

  test('of a window hold nothing of the window before', () => {
    const reader = makeReader();
    const drain = (): number[] =>
      [...reader.drain()].flatMap(({ payload }) =>
        decodeChunkPayload(payload).flatMap(({ rows }) => linesOf(rows)),
      );
    for (let line = 2; line < 10_000; line++) reader.take({ line, cells: Object.values(good), size: 1 });
    expect(drain()).toHaveLength(9_998);
    reader.take({ line: 10_000, cells: Object.values(good), size: 1 });
    expect(drain()).toEqual([10_000]);
    expect(drain()).toEqual([]);
  });

  test('hold no account number', () => {
    for (const { payload } of readerOf([{}])) expect(payload.toString()).not.toContain(good.account_number);
  });
});

describe('a payload', () => {
  test.each<[string, (payload: Buffer) => Buffer]>([
    ['without a first line', (payload) => payload.subarray(payload.indexOf(10) + 1)],
    ['whose first line is no list', () => Buffer.from('{}\n')],
    ['whose rows are cut short', (payload) => payload.subarray(0, -1)],
    ['with more rows than it announces', (payload) => Buffer.concat([payload, Buffer.alloc(ROW_BYTES)])],
  ])('%s is refused', (_what, spoil) => {
    const reader = makeReader();
    reader.take({ line: 2, cells: Object.values(good), size: 1 });
    const [piece] = [...reader.drain()];
    expect(decodeChunkPayload(piece!.payload)).toHaveLength(1);
    expect(() => decodeChunkPayload(spoil(piece!.payload))).toThrow(/chunk/);
  });
});
