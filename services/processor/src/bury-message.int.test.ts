import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashPayload, type ReceivedMessage } from '@passbook/contracts';
import { makeFeeds } from '@passbook/feeds';
import { readImport } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import {
  beginImport,
  makeTestDatabase,
  newAccountNumber,
  transactionRow,
  transactionsFile,
  type BegunImport,
  type TestDatabase,
} from '@passbook/testing';
import { loadBatch } from './load-batch.js';
import { sortMessages } from './sort-messages.js';

const log = makeLogger('silent');
const feed = makeFeeds({ accountNumberKey: 'a key that only these tests have' })[0]!;

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const row = (account: string, n: number, amount: string, time = '2021-01-31 10:00:00'): string =>
  transactionRow({ account, id: uuid(n), amount, time });
const begin = (rows: readonly string[]): Promise<BegunImport> =>
  beginImport(database, feed, transactionsFile(rows));

async function deliver(messages: readonly ReceivedMessage[]): Promise<number[]> {
  const parts = {
    database,
    feeds: new Map([[feed.name, feed]]),
    log,
    signal: new AbortController().signal,
  };
  return loadBatch(parts, await sortMessages(parts, messages));
}

const count = async (sql: string, ...parameters: unknown[]): Promise<number> =>
  Number((await database.query<{ count: bigint }>(sql, parameters)).rows[0]!.count);
const deadLetters = (): Promise<number> => count('select count(*) from dead_letters');

test('a chunk of a number that was loaded with another content is buried, and its import stops', async () => {
  const number = newAccountNumber();
  const begun = await begin([row(number, 1, '1.00')]);
  const before = await deadLetters();
  await deliver(begun.messages);
  const other = await begin([row(number, 9, '2.00')]);
  const payload = other.messages[0]!.value;
  const forged = {
    ...begun.messages[0]!,
    headers: { ...begun.messages[0]!.headers, 'payload-sha256': hashPayload(payload) },
    value: payload,
  };
  await deliver([forged]);
  expect(await deadLetters()).toBe(before + 1);
  expect((await readImport(database, begun.one.no)).state).toBe('stopped');
  expect(await count('select count(*) from transactions where import_no = $1', begun.one.no)).toBe(1);
});

describe('what no import waits for is buried and changes nothing:', () => {
  test.each<[string, (message: ReceivedMessage) => ReceivedMessage]>([
    [
      'a chunk of an import that is not in this database',
      (message) => ({ ...message, headers: { ...message.headers, 'import-id': uuid(77) } }),
    ],
    [
      'a chunk of another version',
      (message) => ({ ...message, headers: { ...message.headers, 'schema-version': '99' } }),
    ],
    [
      'a payload that was damaged',
      (message) => ({ ...message, value: Buffer.concat([message.value, Buffer.from('x')]) }),
    ],
    ['a message without headers', (message) => ({ ...message, headers: {} })],
    [
      'a chunk of a feed that is not there',
      (message) => ({ ...message, headers: { ...message.headers, feed: 'horoscopes' } }),
    ],
  ])('%s', async (_what, change) => {
    const begun = await begin([row(newAccountNumber(), 1, '1.00')]);
    const before = await deadLetters();
    await deliver([change(begun.messages[0]!)]);
    // As after a failure later in the batch.
    await deliver([change(begun.messages[0]!)]);
    expect(await deadLetters()).toBe(before + 1);
    expect(await readImport(database, begun.one.no)).toMatchObject({ state: 'reading', chunksLoaded: 0 });
    // The import is not harmed: the true chunk is loaded when it comes.
    await deliver(begun.messages);
    expect((await readImport(database, begun.one.no)).chunksLoaded).toBe(1);
  });
});

test('a chunk that Postgres refuses stops its own import; the other chunks of the batch are loaded', async () => {
  const good = await begin([row(newAccountNumber(), 1, '1.00')]);
  // Of so many accounts some are in other chunks than the first.
  const bad = await begin(Array.from({ length: 40 }, (_, at) => row(newAccountNumber(), at, '1.00')));
  const spoiled = Buffer.from(bad.messages[0]!.value);
  // A time far beyond the calendar of Postgres.
  spoiled.writeBigInt64BE(1n - 2n ** 63n, spoiled.indexOf(10) + 1 + 16);
  const message = {
    ...bad.messages[0]!,
    value: spoiled,
    headers: { ...bad.messages[0]!.headers, 'payload-sha256': hashPayload(spoiled) },
  };
  const others = bad.messages.slice(1);
  expect(others.length).toBeGreaterThan(0);
  await deliver([message, ...others, ...good.messages]);
  expect(await readImport(database, good.one.no)).toMatchObject({ state: 'reading', chunksLoaded: 1 });
  const stopped = await readImport(database, bad.one.no);
  expect(stopped).toMatchObject({ state: 'stopped', chunksLoaded: others.length });
  expect(stopped.stoppedReason).toMatch(/Chunk 1 cannot be loaded/);
});

test.each(['no JSON', 'null', '{"accounts":[]}', '[{"rows":1}]'])(
  'a chunk whose first line is %s, and names no accounts, stops its import, not the processor',
  async (line) => {
    const begun = await begin([row(newAccountNumber(), 1, '1.00')]);
    const { headers, value } = begun.messages[0]!;
    const spoiled = Buffer.concat([Buffer.from(line), value.subarray(value.indexOf(10))]);
    await deliver([
      {
        ...begun.messages[0]!,
        value: spoiled,
        headers: { ...headers, 'payload-sha256': hashPayload(spoiled) },
      },
    ]);
    const stopped = await readImport(database, begun.one.no);
    expect(stopped.stoppedReason).toContain('does not name its accounts');
  },
);

test('a sum beyond 63 bits stops the import instead of wrapping round', async () => {
  const number = newAccountNumber();
  await deliver((await begin([row(number, 1, '1.00')])).messages);
  await database.query('update accounts set balance_minor = 9223372036854775807 where number_last4 = $1', [
    number.slice(-4),
  ]);
  const begun = await begin([row(number, 2, '1.00')]);
  await deliver(begun.messages);
  expect((await readImport(database, begun.one.no)).state).toBe('stopped');
});
