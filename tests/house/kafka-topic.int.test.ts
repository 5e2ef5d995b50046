import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bus } from '@passbook/bus';
import { chunkerPartsOf, startChunker } from '@passbook/chunker';
import { IMPORTS_CHUNKED, LEDGER_EVENTS, PROCESSOR_GROUP, REPORTS_DUE } from '@passbook/contracts';
import { makeFeeds, type Feed } from '@passbook/feeds';
import { startProcessor } from '@passbook/processor';
import { makeLogger } from '@passbook/runtime';
import {
  describeKafka,
  makeTestDatabase,
  openTestBus,
  uniqueName,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

/* What others may do to the topic, and what it does by itself: garbage on it, chunks that are gone from it. */

const log = makeLogger('silent');
/** What is tried again is told here: what comes of it is what counts. */
const onFailure = (): void => {};

let database: TestDatabase;
/** Its folders: its services do not run. */
let house: TestHouse;
let bus: Bus;
/** Of its own for each test: they remember the accounts of a database. */
let feeds: readonly Feed[];
const stops: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  database = await makeTestDatabase();
  house = await makeTestHouse(database);
  await house.close();
  feeds = makeFeeds({ accountNumberKey: 'a key that only these tests have' });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await house.remove();
  await database.drop();
});

const count = async (sql: string): Promise<number> =>
  Number((await database.query<{ count: bigint }>(sql)).rows[0]!.count);

async function drop(name: string): Promise<void> {
  const text = [...generateTransactions({ accounts: 20, operations: 10 })].join('');
  await writeFile(join(house.config.IMPORTS_DIR, name), text);
}

async function runChunker(): Promise<void> {
  const parts = { ...(await chunkerPartsOf(house.config, log)), database, bus, feeds, onFailure };
  // What is missing is sent again after half a minute, else.
  const chunker = await startChunker({ ...parts, stalledMs: 300, onProgress: () => {} });
  stops.push(() => chunker.stop());
  chunker.watch();
}

async function runProcessor(): Promise<void> {
  const processor = await startProcessor({ database, bus, feeds, log, onFailure });
  stops.push(() => processor.stop());
}

const imported = (name: string): Promise<unknown> =>
  until(`${name} has its receipt`, async () =>
    (await readdir(house.config.PROCESSED_DIR)).includes(`${name}.receipt.json`),
  );

describeKafka('the topic of chunks', () => {
  beforeEach(async () => {
    const topics = [IMPORTS_CHUNKED, REPORTS_DUE, LEDGER_EVENTS];
    bus = await openTestBus(topics, { prefix: `${uniqueName('topic')}.` });
    stops.push(() => bus.stop());
  });

  test('loses chunks: they are made again from the copy, without a restart', async () => {
    // Somebody else is the group of the processors, and throws everything away.
    const stolen = new Set<string>();
    const thief = await bus.consume(IMPORTS_CHUNKED, {
      group: PROCESSOR_GROUP,
      batchMessagesMax: 100,
      handle: (batch) => {
        for (const { partition, offset } of batch) stolen.add(`${partition} ${offset}`);
        return Promise.resolve();
      },
      onFailure,
    });
    await runChunker();
    await drop('stolen.csv');
    const chunksSent = (): Promise<number> =>
      count('select coalesce(sum(chunks_sent), -1) as count from imports');
    await until('all chunks are stolen', async () => {
      const sent = await chunksSent();
      return sent > 0 && stolen.size >= sent;
    });
    await until('the thief has acknowledged them', () =>
      bus.isAcknowledged(IMPORTS_CHUNKED, PROCESSOR_GROUP),
    );
    await thief.stop();
    expect(await count('select count(*) from loaded_chunks')).toBe(0);
    await runProcessor();
    await imported('stolen.csv');
    expect(await count('select count(*) from transactions')).toBe(200);
  });

  test('has garbage on it: it is kept as a dead letter, and what comes after it is loaded', async () => {
    // Of so many keys each partition gets some.
    const garbage = Array.from({ length: 60 }, (_, at) => ({
      key: `key\u0000${at}`,
      headers: { 'import-id': 'none\u0000' },
      value: Buffer.from([0, 255, at]),
    }));
    await bus.publish(IMPORTS_CHUNKED, garbage);
    await runChunker();
    await runProcessor();
    await drop('after.csv');
    await imported('after.csv');
    // What comes after it in another partition may be loaded before it.
    await until('all was handled', () => bus.isAcknowledged(IMPORTS_CHUNKED, PROCESSOR_GROUP));
    expect(await count('select count(*) from transactions')).toBe(200);
    expect(await count('select count(*) from dead_letters')).toBe(60);
    const { rows } = await database.query<{ value: Buffer; reason: string }>(
      `select value, reason from dead_letters where key = $1`,
      ['key\ufffd7'],
    );
    expect(rows[0]!.value).toEqual(Buffer.from([0, 255, 7]));
    expect(rows[0]!.reason).toContain('schema version');
  });
});
