import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IMPORTS_CHUNKED, PROCESSOR_GROUP, REPORTS_DUE } from '@passbook/contracts';
import {
  describeKafka,
  makeTestDatabase,
  openTestBus,
  startTcpProxy,
  testKafka,
  uniqueName,
  until,
  type TcpProxy,
  type TestDatabase,
} from '@passbook/testing';
import kafkajs from 'kafkajs';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { expectSampleStatements } from '../expectations.js';
import { makePlace, root, type Place, type Running } from '../run-passbook.js';

/*
 * The four services as processes on a real Kafka and a real Postgres, several of each, started before either is there.
 * One run for all tests of this file, in their order.
 */

const sample = join(root, 'samples/transactions_test.csv');
const prefix = `${uniqueName('e2e')}.`;

let place: Place;
let database: TestDatabase;
let postgres: TcpProxy;
let kafka: TcpProxy;
let environment: Record<string, string>;
const services: { name: string; running: Running }[] = [];

interface Receipt {
  importId: string;
  rowsRead: number;
  rowsPosted: number;
  rowsQuarantined: number;
  accounts: number;
  amountPosted: string;
  duplicateOf: string | null;
}

const start = (name: string): Running => {
  const running = place.start('service.mjs', [name], environment);
  services.push({ name, running });
  return running;
};
const outputs = (): string => services.map(({ running }) => running.output()).join('\n');
const receiptOf = async (name: string): Promise<Receipt> => {
  await until(`${name} has its receipt\n${outputs()}`, async () =>
    (await place.list('processed')).includes(`${name}.receipt.json`),
  );
  return JSON.parse(await place.read(`processed/${name}.receipt.json`)) as Receipt;
};
const hostOf = (address: string): { host: string; port: number } => {
  const [host, port] = address.split(':');
  return { host: host!, port: Number(port) };
};

describeKafka('the four services', () => {
  beforeAll(async () => {
    place = await makePlace();
    database = await makeTestDatabase({ isEmpty: true });
    const url = new URL(database.url);
    // The way to both goes through a proxy that refuses at first: they are not there yet.
    postgres = await startTcpProxy({ target: hostOf(url.host) });
    kafka = await startTcpProxy({ target: hostOf((await testKafka()).brokers) });
    postgres.refuse();
    kafka.refuse();
    url.port = String(postgres.port);
    environment = {
      DATABASE_URL: url.href,
      KAFKA_BROKERS: `127.0.0.1:${kafka.port}`,
      KAFKA_PREFIX: prefix,
      HEALTH_PORT: '0',
      LOG_LEVEL: 'debug',
    };
    for (const name of ['chunker', 'processor', 'reporter', 'api']) start(name);
    for (const name of ['chunker', 'processor', 'processor', 'reporter']) start(name);
  });
  afterAll(async () => {
    await place.remove();
    await postgres.stop();
    await kafka.stop();
    await database.drop();
  });

  const all = (
    text: string | RegExp,
    names = ['chunker', 'processor', 'reporter', 'api'],
  ): Promise<unknown> =>
    until(`all say: ${text}\n${outputs()}`, () =>
      services
        .filter(({ name }) => names.includes(name))
        .every(({ running }) => new RegExp(text).test(running.output())),
    );
  const askReady = async (running: Running): Promise<number> => {
    const port = /"port":(\d+),"msg":"health is told"/.exec(running.output())![1];
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
  };

  test('wait for Postgres and Kafka, say for what, and start when they come', async () => {
    await all(`waiting for Postgres at 127.0.0.1:${postgres.port}: connect ECONNREFUSED`);
    expect(await askReady(services[0]!.running)).toBe(503);
    await postgres.accept();
    await all(`waiting for Kafka at 127.0.0.1:${kafka.port}`, ['chunker', 'processor', 'reporter']);
    await kafka.accept();
    await all('"msg":"started"');
    expect(await askReady(services[0]!.running)).toBe(200);
  });

  test('make the ten statements of the sample, right to the cent', async () => {
    await copyFile(sample, join(place.path, 'imports/transactions_test.csv'));
    const receipt = await receiptOf('transactions_test.csv');
    expect(receipt).toMatchObject({ rowsPosted: 1000, accounts: 10, amountPosted: '35330.81' });
    const folder = join('reports', `transactions_test-${receipt.importId.slice(0, 8)}`);
    await until('the index is written', () => existsSync(join(place.path, folder, 'index.html')));
    await expectSampleStatements(join(place.path, folder));
  });

  test('post the same bytes once', async () => {
    const { importId } = await receiptOf('transactions_test.csv');
    await copyFile(sample, join(place.path, 'imports/again.csv'));
    expect(await receiptOf('again.csv')).toMatchObject({ rowsPosted: 0, duplicateOf: importId });
  });

  test('share the chunks of a large file, and every row is posted once', async () => {
    const generated = generateTransactions({
      accounts: 300,
      operations: 100,
      seed: 4,
      bad: 0.001,
      figures: true,
    });
    await until('each processor has its part', haveAllJoined);
    await writeFile(join(place.path, 'imports/shared.csv'), generated);
    const answers = generated.answers();
    expect(await receiptOf('shared.csv')).toMatchObject({
      rowsRead: 30_000,
      rowsPosted: answers.goodRows,
      rowsQuarantined: answers.badRows,
      amountPosted: answers.net,
    });
    const loaders = services.filter(({ running }) => /"msg":"chunks loaded"/.test(running.output()));
    expect(loaders.map(({ name }) => name)).toEqual(['processor', 'processor', 'processor']);
  });

  test('let no account number onto any topic or into a log', async () => {
    const numbers = new Set((await readFile(sample, 'utf8')).match(/^\d{12,19}/gm));
    expect(numbers.size).toBe(10);
    const messages = await readTopics();
    expect(messages.some((text) => text.includes('Janet'))).toBe(true);
    expect(messages.length).toBeGreaterThan(20);
    for (const text of [...messages, outputs()])
      for (const number of numbers) expect(text.includes(number)).toBe(false);
  });

  test('end on SIGTERM with exit code 0, and the others go on with their work', async () => {
    const ended = services.splice(4);
    for (const { running } of ended) running.process.kill('SIGTERM');
    const results = await Promise.all(ended.map(({ running }) => running.finished));
    expect(results.map(({ code, signal }) => [code, signal])).toEqual(ended.map(() => [0, null]));
    await writeFile(
      join(place.path, 'imports/later.csv'),
      generateTransactions({ accounts: 20, operations: 5, seed: 9 }),
    );
    // Had they not left the group, Kafka would keep their partitions for them until their session ends.
    expect(await receiptOf('later.csv')).toMatchObject({ rowsPosted: 100 });
    for (const { running } of services) running.process.kill('SIGTERM');
    for (const { running } of services) expect((await running.finished).code).toBe(0);
  });
});

/** Whether Kafka has given each of the three processors partitions of its own. */
async function haveAllJoined(): Promise<boolean> {
  const { brokers } = await testKafka();
  const admin = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([prefix + PROCESSOR_GROUP]);
    return groups[0]!.state === 'Stable' && groups[0]!.members.length === 3;
  } finally {
    await admin.disconnect();
  }
}

/** Everything that is on the topics of this run: key, headers and value of each message. */
async function readTopics(): Promise<string[]> {
  const bus = await openTestBus([IMPORTS_CHUNKED, REPORTS_DUE], { prefix });
  const messages: string[] = [];
  try {
    for (const topic of [IMPORTS_CHUNKED, REPORTS_DUE]) {
      const group = uniqueName('reader');
      await bus.consume(topic, {
        group,
        batchMessagesMax: 1000,
        handle: (batch) =>
          Promise.resolve(
            void messages.push(
              ...batch.map(
                ({ key, headers, value }) => `${key} ${JSON.stringify(headers)} ${value.toString()}`,
              ),
            ),
          ),
        onFailure: () => {},
      });
      await until(`${topic} is read`, () => bus.isAcknowledged(topic, group));
    }
  } finally {
    await bus.stop();
  }
  return messages;
}
