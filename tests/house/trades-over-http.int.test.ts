import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Feed, TakenRows } from '@passbook/feeds';
import { makeTradesHouse, type TradesHouse } from './trades.js';

let trades: TradesHouse;
let feed: Feed;
beforeAll(async () => {
  trades = await makeTradesHouse();
  feed = trades.house.house().feeds.find(({ name }) => name === 'customer_transactions')!;
});
afterAll(() => trades.remove());

const row = (id: string, amount = '1200000', currency = 'USD'): string[] => [
  id,
  '2025-04-01T13:45:00Z',
  amount,
  currency,
  'IRS',
  'EU',
  'New',
  'Settled',
];

const take = (...rows: string[][]): Promise<TakenRows> =>
  feed.takeRows!(trades.database, rows, { timeZone: 'UTC' });

const ids = async (like: string): Promise<string[]> => {
  const { rows } = await trades.database.query<{ id: string }>(
    'select transaction_id as id from customer_transactions where transaction_id like $1 order by 1',
    [like],
  );
  return rows.map(({ id }) => id);
};

test('rows without a file count at once, and a repetition of them changes nothing', async () => {
  expect(await take(row('A1'), row('A2'))).toEqual({ isTaken: true, rowsPosted: 2, rowsDuplicate: 0 });
  expect(await take(row('A1', '1200000.00'), row('A2'))).toEqual({
    isTaken: true,
    rowsPosted: 0,
    rowsDuplicate: 2,
  });
  expect(await take(row('A2'), row('A3'))).toEqual({ isTaken: true, rowsPosted: 1, rowsDuplicate: 1 });
  expect(await ids('A%')).toEqual(['A1', 'A2', 'A3']);
  const { rows } = await trades.database.query(
    'select rows_posted::integer as posted from feed_loads order by no',
  );
  expect(rows).toEqual([{ posted: 2 }, { posted: 1 }]);
});

test('if one row cannot be taken none is, and each says why', async () => {
  await take(row('B1'));
  const conflict = await take(row('B2'), row('B1', '7'), row('B2', '8'));
  expect(conflict).toMatchObject({
    isTaken: false,
    faults: [
      { row: 2, faults: [{ column: 'transaction_id', code: 'CONFLICT', first: null }] },
      { row: 3, faults: [{ column: 'transaction_id', code: 'CONFLICT', first: null }] },
    ],
  });
  expect(JSON.stringify(conflict)).toContain('of row 1 of this request');
  expect(JSON.stringify(conflict)).toContain('of a row that came over HTTP');
  const bad = await take(row('B3'), row('', '1e400', 'EURO'), row('B\0'), row('B\ud800'));
  expect(bad).toMatchObject({
    isTaken: false,
    faults: [
      {
        row: 2,
        faults: [
          { column: 'transaction_id', code: 'MISSING_CELL' },
          { column: 'amount', code: 'TYPE_NUMBER' },
          { column: 'currency', code: 'TYPE_VALUE' },
        ],
      },
      { row: 3, faults: [{ column: 'transaction_id', code: 'CONTROL_CHARACTER' }] },
      { row: 4, faults: [{ column: 'transaction_id', code: 'ENCODING' }] },
    ],
  });
  expect(await ids('B%')).toEqual(['B1']);
});

test('a row of a file knows one that came over HTTP, and the other way round', async () => {
  await take(row('C1'), row('C2'));
  const header = feed.columns.map(({ name }) => name).join();
  const text = [header, ...[row('C1'), row('C2', '5'), row('C3')].map(String), ''].join('\n');
  const { receipt } = await trades.house.importText(text, 'customer_transactions-c.csv');
  expect(receipt).toMatchObject({ rowsRead: 3, rowsPosted: 1, rowsDuplicate: 1, rowsQuarantined: 1 });
  const { rows } = await trades.database.query(
    'select line::integer, faults from import_exceptions order by line',
  );
  expect(rows).toMatchObject([
    {
      line: 2,
      faults: [{ code: 'DUPLICATE', message: 'The row repeats a row that came over HTTP.', first: null }],
    },
    { line: 3, faults: [{ code: 'CONFLICT', first: null }] },
  ]);
  expect(await take(row('C3', '1200000.0'))).toMatchObject({ rowsPosted: 0, rowsDuplicate: 1 });
});

test('of many requests with the same rows at once each row is taken once', async () => {
  const rows = Array.from({ length: 40 }, (_, at) => row(`D${at}`));
  const taken = await Promise.all(
    [rows, rows.toReversed(), rows, rows.toReversed()].map((some) => take(...some)),
  );
  const posted = taken.map((one) => (one.isTaken ? one.rowsPosted : -1)).sort();
  expect(posted).toEqual([0, 0, 0, 40]);
  expect(await ids('D%')).toHaveLength(40);
});
