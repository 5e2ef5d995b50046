import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { makeInProcessBus, type Bus } from '@passbook/bus';
import { LEDGER_EVENTS, type CloudEvent } from '@passbook/contracts';
import { readEventRelayLag, writeEvent } from '@passbook/ledger';
import { makeLogger } from '@passbook/runtime';
import {
  collectTexts,
  describeKafka,
  makeTestDatabase,
  openTestBus,
  uniqueName,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { startEventRelay } from './relay-events.js';
import { startProcessor } from './start-processor.js';

describeKafka('the relay', () => {
  const log = makeLogger('silent');
  const topic = LEDGER_EVENTS;
  let database: TestDatabase;
  let bus: Bus;
  let told: string[];
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    database = await makeTestDatabase();
    bus = await openTestBus([topic], { prefix: `${uniqueName('relay')}.` });
    told = collectTexts(bus, topic);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  afterAll(async () => {
    await bus.stop();
    await database.drop();
  });

  const write = async (accountId: bigint, count: number): Promise<void> => {
    const data = { transferId: randomUUID(), balance: '1.00', currency: 'USD' };
    for (let at = 0; at < count; at++)
      await database.withTransaction((trx) => writeEvent(trx, { type: 'money_available', accountId, data }));
  };
  const start = (own: Bus = bus, onFailure: (err: unknown) => void = () => {}): void => {
    const relay = startEventRelay({ database, bus: own, log, onFailure });
    stops.push(() => relay.stop());
  };
  const toldIds = (): number[] => told.map((text) => Number((JSON.parse(text) as CloudEvent).id));
  const untilTold = (last: number): Promise<unknown> => until('all are told', () => toldIds().includes(last));

  test('tells what was written before it began, and what is written later, once', async () => {
    await write(42n, 3);
    start();
    await untilTold(3);
    await write(42n, 2);
    await untilTold(5);
    expect(toldIds()).toEqual([1, 2, 3, 4, 5]);
    expect(JSON.parse(told[0]!)).toMatchObject({
      specversion: '1.0',
      type: 'passbook.money_available.v1',
      subject: '42',
      source: expect.stringMatching(/^urn:passbook:ledger:[0-9a-f-]{36}$/),
      data: { balance: '1.00' },
    });
    await until('it remembers', async () => (await readEventRelayLag(database))!.events === 0);
  });

  test('tells again what it did not remember, and in order', async () => {
    told.length = 0;
    await write(42n, 3);
    const failures: unknown[] = [];
    // Kafka has taken them, and nobody hears of it.
    const deaf: Bus = {
      ...bus,
      async publish(name, messages) {
        await bus.publish(name, messages);
        if (failures.length === 0) throw new Error('cut');
      },
    };
    start(deaf, (err) => failures.push(err));
    await until('they are told twice', () => toldIds().length >= 6);
    expect([toldIds(), failures.length]).toEqual([[6, 7, 8, 6, 7, 8], 1]);
  });

  test('tells each once when two are at work', async () => {
    told.length = 0;
    start();
    start();
    await write(42n, 20);
    await untilTold(28);
    expect(toldIds()).toEqual(Array.from({ length: 20 }, (_, at) => at + 9));
  });
});

test('on a bus that forgets nobody is told, and nothing counts as told', async () => {
  const database = await makeTestDatabase();
  const processor = await startProcessor({
    database,
    bus: makeInProcessBus(),
    feeds: [],
    log: makeLogger('silent'),
    onFailure: () => {},
  });
  await processor.stop();
  expect(await readEventRelayLag(database)).toBeNull();
  await database.drop();
});
