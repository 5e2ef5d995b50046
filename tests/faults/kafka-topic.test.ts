import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bus } from '@passbook/bus';
import { IMPORTS_CHUNKED, PROCESSOR_GROUP, REPORTS_DUE } from '@passbook/contracts';
import {
  describeKafka,
  makeTestDatabase,
  openTestBus,
  testKafka,
  uniqueName,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { makePlace, type Place, type Running } from '../run-passbook.js';

/* What others may do to the topic, and what it does by itself: garbage on it, chunks that are gone from it. */

const prefix = `${uniqueName('topic')}.`;

let place: Place;
let database: TestDatabase;
let bus: Bus;
let start: (name: string) => Running;

const count = async (sql: string): Promise<number> =>
  Number((await database.query<{ count: bigint }>(sql)).rows[0]!.count);
const drop = (name: string, seed: number): Promise<void> =>
  writeFile(join(place.path, 'imports', name), generateTransactions({ accounts: 20, operations: 10, seed }));
const imported = (name: string): Promise<unknown> =>
  until(`${name} has its receipt`, async () =>
    (await place.list('processed')).includes(`${name}.receipt.json`),
  );

describeKafka('the topic of chunks', () => {
  beforeAll(async () => {
    place = await makePlace();
    database = await makeTestDatabase();
    const { brokers } = await testKafka();
    const environment = { DATABASE_URL: database.url, KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix };
    start = (name) => place.start('service.mjs', [name], environment);
    bus = await openTestBus([IMPORTS_CHUNKED, REPORTS_DUE], { prefix });
  });
  afterAll(async () => {
    await bus.stop();
    await place.remove();
    await database.drop();
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
      onFailure: () => {},
    });
    const chunker = start('chunker');
    await drop('stolen.csv', 1);
    const chunksSent = (): Promise<number> =>
      count('select coalesce(sum(chunks_sent), -1) as count from imports');
    await until('all chunks are stolen', async () => stolen.size === (await chunksSent()));
    expect(stolen.size).toBeGreaterThan(0);
    await until('the thief has acknowledged them', () =>
      bus.isAcknowledged(IMPORTS_CHUNKED, PROCESSOR_GROUP),
    );
    await thief.stop();
    start('processor');
    await imported('stolen.csv');
    expect(chunker.output()).toContain('missing chunks are sent again');
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
    await drop('after.csv', 2);
    await imported('after.csv');
    // What comes after it in another partition may be loaded before it.
    await until('all was handled', () => bus.isAcknowledged(IMPORTS_CHUNKED, PROCESSOR_GROUP));
    expect(await count('select count(*) from transactions')).toBe(400);
    expect(await count('select count(*) from dead_letters')).toBe(60);
    const { rows } = await database.query<{ value: Buffer; reason: string }>(
      `select value, reason from dead_letters where key = $1`,
      ['key\ufffd7'],
    );
    expect(rows[0]!.value).toEqual(Buffer.from([0, 255, 7]));
    expect(rows[0]!.reason).toContain('schema version');
  });
});
