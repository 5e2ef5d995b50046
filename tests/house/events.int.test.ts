import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CloudEvent } from '@passbook/contracts';
import { makeTestDatabase, transactionRow, type TestDatabase } from '@passbook/testing';
import { deposit, makeTestLedger, withdrawal, type TestLedger } from '../ledger/make-test-ledger.js';
import { makeTestApi, type TestApi } from './make-test-api.js';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
let api: TestApi;
let ledger: TestLedger;
beforeAll(async () => {
  database = await makeTestDatabase();
  house = await makeTestHouse(database);
  api = await makeTestApi(database, house);
  ledger = makeTestLedger(database);
});
afterAll(async () => {
  await api.stop();
  await ledger.stop();
  await house.remove();
  await database.drop();
});

interface Page {
  items: CloudEvent[];
  nextCursor: string;
}

async function read(query: string): Promise<Page> {
  const { status, body } = await api.get(`/v1/events?${query}`);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body as unknown as Page;
}

/** All that comes after a cursor, by pages of two. */
async function readAll(after: string): Promise<CloudEvent[]> {
  const all: CloudEvent[] = [];
  for (let cursor = after; ;) {
    const { items, nextCursor } = await read(`after=${cursor}&limit=2`);
    all.push(...items);
    if (items.length === 0) return all;
    cursor = nextCursor;
  }
}

test('what a wallet lives through is told in order, a page after the other', async () => {
  const { nextCursor } = await read('limit=500');
  const id = await ledger.openWallet();
  await ledger.post(deposit(id, 500n));
  await ledger.post(withdrawal(id, 500n));
  await ledger.post(deposit(id, 1n));
  const events = await readAll(nextCursor);
  expect(
    events.map(({ type, subject, data }) => [type, subject, (data as { balance: string }).balance]),
  ).toEqual(
    [
      ['passbook.transfer_posted.v1', '5.00'],
      ['passbook.money_available.v1', '5.00'],
      ['passbook.transfer_posted.v1', '0.00'],
      ['passbook.money_exhausted.v1', '0.00'],
      ['passbook.transfer_posted.v1', '0.01'],
      ['passbook.money_available.v1', '0.01'],
    ].map(([type, balance]) => [type, String(id), balance]),
  );
  expect(events[2]).toMatchObject({ specversion: '1.0', data: { kind: 'withdrawal', amount: '-5.00' } });
});

test('an import is one event, whatever the number of its rows, and is told once', async () => {
  const { nextCursor } = await read('limit=500');
  const { receipt } = await house.importRows([
    transactionRow({ amount: '10.00' }),
    transactionRow({ amount: '-20.00' }),
    transactionRow({ amount: 'ten' }),
  ]);
  const events = await readAll(nextCursor);
  expect(events.map(({ type, subject, data }) => ({ type, subject, data }))).toEqual([
    {
      type: 'passbook.import_loaded.v1',
      subject: receipt.importId,
      data: {
        ...{ importId: receipt.importId, feed: 'transactions' },
        ...{ rowsRead: 3, rowsPosted: 2, rowsDuplicate: 0, rowsQuarantined: 1 },
      },
    },
  ]);
});

test('who waits is answered when something happens, and without events when nothing does', async () => {
  const { nextCursor } = await read('limit=500');
  expect(await read(`after=${nextCursor}&wait=1`)).toEqual({ items: [], nextCursor });
  const answer = read(`after=${nextCursor}&wait=30`);
  const id = await ledger.openWallet(7n);
  expect((await answer).items[0]).toMatchObject({ subject: String(id) });
});
