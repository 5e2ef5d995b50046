import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Transaction } from '@passbook/database';
import { countLockWaits, until } from '@passbook/testing';
import { makeTestApi, type TestApi } from './make-test-api.js';
import { makeTradesHouse, tradeLists, type TradesHouse } from './trades.js';

/* POST /customer_transaction, claim by claim. */

let trades: TradesHouse;
let api: TestApi;
beforeAll(async () => {
  trades = await makeTradesHouse();
  api = await makeTestApi(trades.database, trades.house);
});
afterAll(async () => {
  await api.stop();
  await trades.remove();
});

interface RowFault {
  row: number | null;
  column: string | null;
  code: string;
}

interface Reply {
  status: number;
  body: { type?: string; faults?: (RowFault & { message: string; first?: object | null })[] } & Record<
    string,
    unknown
  >;
  isReplay: boolean;
}

async function post(body: object | string): Promise<Reply> {
  const response = await fetch(`${api.url}/customer_transaction`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as Reply['body'],
    isReplay: response.headers.get('idempotent-replayed') === 'true',
  };
}

/** The JSON of the lists with an amount as it is written. */
const withAmount = (id: string, amount: string): string =>
  JSON.stringify(tradeLists([id], { amount: ['?'] })).replace('"?"', () => amount);

const refused = (...faults: [number | null, string | null, string][]): unknown => [
  422,
  'urn:passbook:problem:rows-refused',
  faults.map(([row, column, code]) => ({ row, column, code })),
];

const refusalOf = ({ status, body }: Reply): unknown => [
  status,
  body.type,
  body.faults?.map(({ row, column, code }) => ({ row, column, code })),
];

const held = async (id: string): Promise<string[]> => {
  const { rows } = await trades.database.query<{ amount: string }>(
    'select amount::text from customer_transactions where transaction_id = $1',
    [id],
  );
  return rows.map(({ amount }) => amount);
};

test('takes the request that is known of it', async () => {
  const known =
    '{"transaction_id":["TX999999"],"timestamp":["2025-04-01T13:45:00Z"],"amount":[50000],"currency":["USD"],"instrument_type":["IRS"],"region":["US"],"trade_type":["New"],"status":["Settled"]}';
  expect(await post(known)).toEqual({
    status: 201,
    body: { rowsRead: 1, rowsPosted: 1, rowsDuplicate: 0 },
    isReplay: false,
  });
  expect(await held('TX999999')).toEqual(['50000']);
});

describe('is idempotent by the id', () => {
  test('the same content again changes nothing, however it is written', async () => {
    await post(tradeLists(['A1', 'A2']));
    expect(await post(tradeLists(['A1', 'A2']))).toEqual({
      status: 200,
      body: { rowsRead: 2, rowsPosted: 0, rowsDuplicate: 2 },
      isReplay: true,
    });
    const other = { timestamp: ['2025-04-01T15:45:00+02:00', '2025-04-01T13:45:00Z'] };
    expect(await post(tradeLists(['A2', 'A3'], other))).toEqual({
      status: 201,
      body: { rowsRead: 2, rowsPosted: 1, rowsDuplicate: 1 },
      isReplay: false,
    });
    expect((await post(withAmount('A1', '1.2e6'))).body).toMatchObject({ rowsDuplicate: 1 });
  });

  test('other content is a conflict, each row of it is named, and nothing is taken', async () => {
    await post(tradeLists(['B1', 'B2']));
    const answer = await post(tradeLists(['B0', 'B1', 'B2', 'B0'], { amount: [5, 6, 1200000, 7] }));
    expect(refusalOf(answer)).toEqual(
      refused([2, 'transaction_id', 'CONFLICT'], [4, 'transaction_id', 'CONFLICT']),
    );
    expect(answer.body.faults!.map(({ message }) => message)).toEqual([
      'The row has the transaction_id of a row that came over HTTP, which says something else.',
      'The row has the transaction_id of row 1 of this request, which says something else.',
    ]);
    expect([await held('B0'), await held('B1')]).toEqual([[], ['1200000']]);
  });

  test('a conflict with a row of a file says where that stands', async () => {
    const header = Object.keys(tradeLists([])).join();
    const row = 'C1,2025-04-01T13:45:00Z,1200000,USD,IRS,EU,New,Settled';
    const { receipt } = await trades.house.importText(`${header}\n${row}\n`, 'customer_transactions.csv');
    const answer = await post(tradeLists(['C1'], { region: ['APAC'] }));
    expect(answer.body.faults).toEqual([
      expect.objectContaining({ row: 1, code: 'CONFLICT', first: { importId: receipt.importId, line: 2 } }),
    ]);
    expect((await post(tradeLists(['C1']))).status).toBe(200);
  });

  test('of requests with the same ids at once each row is there once', async () => {
    const ids = Array.from({ length: 50 }, (_, at) => `D${at}`);
    const answers = await Promise.all(
      [ids, ids.toReversed(), ids, ids.toReversed()].map((some) => post(tradeLists(some))),
    );
    expect(answers.map(({ status, body }) => [status, body['rowsPosted']]).sort()).toEqual([
      [200, 0],
      [200, 0],
      [200, 0],
      [201, 50],
    ]);
    const { rows } = await trades.database.query(
      `select count(*)::integer from customer_transactions where transaction_id ~ '^D'`,
    );
    expect(rows).toEqual([{ count: 50 }]);
  });
});

test('a request that waits for a chunk of the same ids, which waits for it, is tried again and takes its rows', async () => {
  const { database } = trades;
  const insert = (trx: Transaction, line: number, id: string): Promise<unknown> =>
    trx.query(
      `insert into feed_customer_transactions values (0, $1, $2, '2025-04-01T13:45:00Z', 1200000, 'USD', 'IRS', 'EU', 'New', 'Settled')`,
      [line, id],
    );
  const { request } = await database.withTransaction(async (chunk) => {
    // Postgres rolls back the one that sees the deadlock first: the request.
    await chunk.query(`set local deadlock_timeout = '1h'`);
    await insert(chunk, 1, 'K3');
    const between = await database.withConnection(async (trx) => {
      await trx.query('begin');
      await insert(trx, 3, 'K2');
      const request = post(tradeLists(['K1', 'K2', 'K3']));
      await until('the request has K1 and waits for K2', async () => (await countLockWaits(database)) === 1);
      const copied = insert(chunk, 2, 'K1');
      await until('the chunk has K3 and waits for K1', async () => (await countLockWaits(database)) === 2);
      await trx.query('rollback');
      return { request, copied };
    });
    await between.copied;
    return between;
  });
  expect(await request).toMatchObject({
    status: 201,
    body: { rowsRead: 3, rowsPosted: 1, rowsDuplicate: 2 },
  });
});

describe('refuses all rows with every fault', () => {
  test('of all cells of all rows', async () => {
    const answer = await post(
      tradeLists(['E1', 'E2', ''], {
        timestamp: ['2025-02-30T00:00:00Z', '2025-04-01T13:45:00Z', 5],
        amount: [1, '1', null],
        currency: ['USD', 'EURO', true],
        region: ['EU', 'x'.repeat(51), { EU: 1 }],
      }),
    );
    expect(refusalOf(answer)).toEqual(
      refused(
        [1, 'timestamp', 'TYPE_DATE'],
        [2, 'amount', 'TYPE_NUMBER'],
        [2, 'currency', 'TYPE_VALUE'],
        [2, 'region', 'TYPE_VALUE'],
        [3, 'transaction_id', 'MISSING_CELL'],
        [3, 'amount', 'MISSING_CELL'],
        [3, 'timestamp', 'TYPE_VALUE'],
        [3, 'currency', 'TYPE_VALUE'],
        [3, 'region', 'TYPE_VALUE'],
      ),
    );
    expect(await held('E1')).toEqual([]);
  });

  test.each<[string, () => unknown, [number | null, string | null, string][]]>([
    ['lists of other lengths', () => tradeLists(['F1', 'F2'], { amount: [1], region: [] }), [[null, 'amount', 'MISSING_CELL'], [null, 'region', 'MISSING_CELL']]],
    ['unknown columns', () => tradeLists(['F1'], { regoin: ['EU'], amount: [] }), [[null, null, 'HEADER_UNKNOWN'], [null, 'amount', 'MISSING_CELL']]],
    ['a column that is no list', () => ({ ...tradeLists(['F1']), amount: 1, status: 'Settled' }), [[null, 'amount', 'TYPE_VALUE'], [null, 'status', 'TYPE_VALUE']]],
    ['missing columns', () => ({ ...tradeLists(['F1']), amount: undefined, x: [], status: null }), [[null, null, 'HEADER_UNKNOWN'], [null, 'amount', 'HEADER_UNKNOWN'], [null, 'status', 'TYPE_VALUE']]],
    ['a list', () => [tradeLists(['F1'])], [[null, null, 'TYPE_VALUE']]],
    ['a number', () => '1', [[null, null, 'TYPE_VALUE']]],
    ['nothing', () => 'null', [[null, null, 'TYPE_VALUE']]],
    ['a column that only seems to be there', () => JSON.stringify(tradeLists(['F1'])).replace('"amount"', '"__proto__"'), [[null, null, 'HEADER_UNKNOWN'], [null, 'amount', 'HEADER_UNKNOWN']]],
  ])('%s', async (_, make, faults) => {
    const answer = await post(make() as object);
    expect(refusalOf(answer)).toEqual(refused(...faults));
    expect(await held('F1')).toEqual([]);
  }); // prettier-ignore

  test.each([
    ['an id beyond its length', { transaction_id: ['x'.repeat(101)] }, 'TYPE_VALUE'],
    ['an id with NUL', { transaction_id: ['G\0'] }, 'CONTROL_CHARACTER'],
    ['an id with half of a character', { transaction_id: ['G\ud800'] }, 'ENCODING'],
    ['a lost character', { region: ['E\ufffd'] }, 'ENCODING'],
  ])('%s', async (_, other, code) => {
    expect(refusalOf(await post(tradeLists(['G1'], other)))).toEqual(
      refused([1, Object.keys(other)[0]!, code]),
    );
    expect(await held('G1')).toEqual([]);
  });

  test.each([
    ['1e400', '1e400'],
    ['1e-21', '1e-21'],
    ['an exponent without end', '1e99999999'],
    ['31 digits', '1'.repeat(31)],
    ['10,000 digits', '7'.repeat(10_000)],
    ['21 decimals', '0.123456789012345678901'],
    ['true', 'true'],
    ['text', '"1"'],
    ['an object', '{}'],
  ])('an amount of %s', async (_, amount) => {
    expect(refusalOf(await post(withAmount('H1', amount)))).toEqual(refused([1, 'amount', 'TYPE_NUMBER']));
    expect(await held('H1')).toEqual([]);
  });
});

test('names unknown columns, but no number that may be an account', async () => {
  const { body } = await post(tradeLists(['F1'], { regoin: ['EU'], 'of 4111111111111111': [] }));
  expect(body.faults!.map(({ message }) => message)).toEqual([
    `Not known: regoin, of …. The columns are ${Object.keys(tradeLists([])).join(', ')}.`,
  ]);
});

test.each([
  ['1000000.01', '1000000.01'],
  ['9007199254740993', '9007199254740993'],
  ['0.10000000000000000001', '0.10000000000000000001'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['12.5e5', '1250000'],
  ['-0.0', '0'],
])('reads an amount of %s from its text', async (amount, written) => {
  expect((await post(withAmount(`I${amount}`, amount))).status).toBe(201);
  expect(await held(`I${amount}`)).toEqual([written]);
});

test('no rows are nothing', async () => {
  expect((await post(tradeLists([]))).body).toEqual({ rowsRead: 0, rowsPosted: 0, rowsDuplicate: 0 });
});

test('takes as many rows as a request may have, and says so of more', async () => {
  const ids = Array.from({ length: 5_001 }, (_, at) => `J${at}`);
  expect((await post(tradeLists(ids.slice(1)))).body).toMatchObject({ rowsPosted: 5_000 });
  const answer = await post(tradeLists(ids));
  expect([answer.status, answer.body.type]).toEqual([413, 'urn:passbook:problem:body-too-large']);
  expect((await post(`{"transaction_id":["${'x'.repeat(1024 * 1024)}"]}`)).status).toBe(413);
  expect(await held('J0')).toEqual([]);
});

test('what is no JSON, and other methods, are refused', async () => {
  expect((await post('{"transaction_id":[')).status).toBe(400);
  expect((await post('{"amount":[1],"amount":[2]}')).status).toBe(400);
  const response = await fetch(`${api.url}/customer_transaction`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});
