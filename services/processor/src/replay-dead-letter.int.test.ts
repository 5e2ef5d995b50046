import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashPayload, type ReceivedMessage } from '@passbook/contracts';
import { makeFeeds } from '@passbook/feeds';
import { countDueReports, listStaleImports, listDeadLetters, readImport } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import {
  beginImport,
  makeTestDatabase,
  newAccountNumber,
  sendManifest,
  transactionRow,
  transactionsFile,
  type BegunImport,
  type TestDatabase,
} from '@passbook/testing';
import { handleMessages } from './handle-messages.js';
import { discardDeadLetter, replayDeadLetter, type Replay } from './replay-dead-letter.js';

const log = makeLogger('silent');
const feeds = makeFeeds({ accountNumberKey: 'a key that only these tests have' });
const feed = feeds[0]!;
const BALANCE_MAX = 9223372036854775807n;

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const row = (account: string, n: number): string =>
  transactionRow({ account, id: uuid(n), amount: '1.00', time: '2021-01-31 10:00:00' });
const begin = (...rows: string[]): Promise<BegunImport> =>
  beginImport(database, feed, transactionsFile(rows));
const deliver = (messages: readonly ReceivedMessage[]): Promise<number[]> => {
  const signal = new AbortController().signal;
  return handleMessages({ database, feeds: new Map([[feed.name, feed]]), log, signal }, messages);
};
const replay = (no: number): Promise<Replay> => replayDeadLetter({ database, feeds, log }, no);
const lettersOf = async (importNo: number): Promise<number[]> =>
  (await listDeadLetters(database)).filter((one) => one.importNo === importNo).map((one) => one.no);
const setBalance = (number: string, minor: bigint): Promise<unknown> =>
  database.query('update accounts set balance_minor = $2 where number_last4 = $1', [number.slice(-4), minor]);

/** Two accounts whose balances have no room, and an import with a chunk for each of them: both are buried. */
async function stopImport(): Promise<{ begun: BegunImport; numbers: string[]; letters: number[] }> {
  const numbers = [newAccountNumber(), newAccountNumber()];
  await deliver((await begin(...numbers.map((number) => row(number, 1)))).messages);
  for (const number of numbers) await setBalance(number, BALANCE_MAX);
  const begun = await begin(...numbers.map((number) => row(number, 2)));
  await deliver(begun.messages);
  return { begun, numbers, letters: await lettersOf(begun.one.no) };
}

test('replaying the last dead letter completes the import; replaying it again changes nothing', async () => {
  const { begun, numbers, letters } = await stopImport();
  await sendManifest(database, feed, begun);
  expect(letters).toHaveLength(2);
  expect(await readImport(database, begun.one.no)).toMatchObject({ state: 'stopped', chunksLoaded: 0 });
  const [stale] = await listStaleImports(database);
  expect(stale).toMatchObject({
    no: begun.one.no,
    reason: expect.stringMatching(/stopped.*replay/),
  });

  for (const number of numbers) await setBalance(number, 100n);
  expect(await replay(letters[0]!)).toEqual({ outcome: 'replayed', importNo: null });
  expect(await readImport(database, begun.one.no)).toMatchObject({ state: 'stopped', chunksLoaded: 1 });
  expect(await replay(letters[1]!)).toEqual({ outcome: 'replayed', importNo: begun.one.no });
  expect(await readImport(database, begun.one.no)).toMatchObject({ state: 'loaded', chunksLoaded: 2 });
  expect(await countDueReports(database, begun.one.no)).toBe(3);

  expect(await replay(letters[1]!)).toEqual({ outcome: 'replayed', importNo: null });
  expect(await lettersOf(begun.one.no)).toEqual([]);
  const { rows } = await database.query<{ balance: bigint }>(
    'select balance_minor as balance from accounts where number_last4 = any($1)',
    [numbers.map((number) => number.slice(-4))],
  );
  expect(rows.map((one) => one.balance)).toEqual([200n, 200n]);
});

test('two dead letters of an import that are replayed at the same time complete it', async () => {
  for (let round = 0; round < 5; round++) {
    const { begun, numbers, letters } = await stopImport();
    await sendManifest(database, feed, begun);
    for (const number of numbers) await setBalance(number, 100n);
    const replays = await Promise.all(letters.map(replay));
    expect(replays.filter((one) => one.outcome === 'replayed' && one.importNo === begun.one.no)).toHaveLength(
      1,
    );
    expect(await readImport(database, begun.one.no)).toMatchObject({ state: 'loaded', chunksLoaded: 2 });
  }
});

test('a letter that is buried again while it is replayed or put aside keeps its import stopped', async () => {
  const { begun, letters } = await stopImport();
  await sendManifest(database, feed, begun);
  for (let round = 0; round < 5; round++) {
    // Kafka gives the chunks again, and they are refused again.
    await Promise.all([deliver(begun.messages), ...letters.map(replay)]);
    expect(await lettersOf(begun.one.no)).toEqual(letters);
    expect((await readImport(database, begun.one.no)).state).toBe('stopped');
  }
});

test('a dead letter that still cannot be loaded stays open, and its import stopped', async () => {
  const { begun, letters } = await stopImport();
  expect(await replay(letters[0]!)).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(/cannot be loaded/),
  });
  expect(await lettersOf(begun.one.no)).toEqual(letters);
  expect((await readImport(database, begun.one.no)).state).toBe('stopped');
});

test('an import whose chunk came after all goes on when its dead letter is replayed', async () => {
  const { begun, numbers, letters } = await stopImport();
  await sendManifest(database, feed, begun);
  for (const number of numbers) await setBalance(number, 100n);
  // Kafka gives them again: they are loaded, and the import is still stopped.
  await deliver(begun.messages);
  expect(await readImport(database, begun.one.no)).toMatchObject({ state: 'stopped', chunksLoaded: 2 });
  await replay(letters[0]!);
  expect(await replay(letters[1]!)).toEqual({ outcome: 'replayed', importNo: begun.one.no });
});

test('an import that was stopped while it was read goes on being read', async () => {
  const { begun, numbers, letters } = await stopImport();
  for (const number of numbers) await setBalance(number, 100n);
  for (const no of letters) await replay(no);
  expect((await readImport(database, begun.one.no)).state).toBe('reading');
  expect(await sendManifest(database, feed, begun)).toBe(true);
});

test('garbage can be put aside; a foreign chunk of a loaded number that is put aside lets its import go on', async () => {
  const begun = await begin(row(newAccountNumber(), 1));
  await deliver(begun.messages);
  const value = (await begin(row(newAccountNumber(), 9))).messages[0]!.value;
  const headers = { ...begun.messages[0]!.headers, 'payload-sha256': hashPayload(value) };
  await deliver([{ ...begun.messages[0]!, headers, value, offset: '77' }]);
  const [letter] = await lettersOf(begun.one.no);
  expect(await replay(letter!)).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(/another content/),
  });
  expect(await discardDeadLetter({ database, feeds, log }, letter!)).toBe('discarded');
  expect(await lettersOf(begun.one.no)).toEqual([]);
  expect(await sendManifest(database, feed, begun)).toBe(true);
  expect(await discardDeadLetter({ database, feeds, log }, 999_999)).toBe('unknown');
});
