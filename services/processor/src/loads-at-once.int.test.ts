import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ReceivedMessage } from '@passbook/contracts';
import { makeFeeds, prepareDeclaredTables, readDefinitions, type Feed } from '@passbook/feeds';
import { readImport } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import {
  beginImport,
  countLockWaits,
  makeTestDatabase,
  sendManifest,
  until,
  type BegunImport,
  type TestDatabase,
} from '@passbook/testing';
import { loadBatch } from './load-batch.js';
import { sortMessages } from './sort-messages.js';

let database: TestDatabase;
let feed: Feed;
beforeAll(async () => {
  database = await makeTestDatabase();
  const definitions = await readDefinitions('feed-definitions');
  await database.withConnection((connection) => prepareDeclaredTables(connection, definitions));
  feed = makeFeeds({ accountNumberKey: null, definitions }).find(({ name }) => name === 'gtr_report')!;
});
afterAll(() => database.drop());

/** An import of several chunks, all of which its manifest knows. */
async function begin(name: string): Promise<BegunImport> {
  const rows = Array.from(
    { length: 10 },
    (_, at) => `${name}${at},2025-04-01T13:45:00Z,1200000,USD,IRS,EU,New,Accepted`,
  );
  const begun = await beginImport(
    database,
    feed,
    [feed.columns.map((column) => column.name).join(), ...rows, ''].join('\n'),
  );
  expect(begun.messages.length).toBeGreaterThan(1);
  await sendManifest(database, feed, begun);
  return begun;
}

async function deliver(to: Feed, messages: readonly ReceivedMessage[]): Promise<number[]> {
  const log = makeLogger('silent');
  const parts = { database, feeds: new Map([[to.name, to]]), log, signal: new AbortController().signal };
  return loadBatch(parts, await sortMessages(parts, messages));
}

test('two batches that share an import, and complete others of the feed, wait for each other one way only', async () => {
  const [first, shared, last] = [await begin('A'), await begin('B'), await begin('C')];
  let reached = false;
  let goOn = (): void => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const halting: Feed = {
    ...feed,
    // It has counted both of its imports, and has no lock of the feed yet.
    async reportsDue(trx, importNo) {
      reached = true;
      await gate;
      await feed.reportsDue(trx, importNo);
    },
  };
  const later = deliver(halting, [...shared.messages.slice(1), ...last.messages]);
  await until('one is about to complete', () => reached);
  const earlier = deliver(feed, [...first.messages, shared.messages[0]!]);
  await until(
    'the other waits for the import that they share',
    async () => (await countLockWaits(database)) === 1,
  );
  goOn();
  const completed = await Promise.allSettled([later, earlier]);
  expect(completed).toEqual([
    { status: 'fulfilled', value: [last.one.no] },
    { status: 'fulfilled', value: [first.one.no, shared.one.no] },
  ]);
  for (const { one } of [first, shared, last])
    expect(await readImport(database, one.no)).toMatchObject({ state: 'loaded' });
});
