import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Message, ReceivedMessage } from '@passbook/contracts';
import { describeKafka, openTestBus, uniqueName, until, withoutSecurity } from '@passbook/testing';
import { startLocalKafka, type LocalKafka } from '../../../scripts/local-kafka.mjs';
import type { Bus, Consumer, ConsumeOptions } from './bus.js';
import { makeInProcessBus } from './in-process-bus.js';

/* The contract of `Bus`: the same claims for each adapter. */

const message = (key: string, text: string): Message => ({
  key,
  headers: { text },
  value: Buffer.from(text),
});
const textOf = ({ value }: ReceivedMessage): string => value.toString();
const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));

const MIB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of buffers that something still refers to. */
function measureHeldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

function holdsTheContract(makeBus: (topic: string) => Promise<Bus>): void {
  let bus: Bus;
  let topic: string;
  let group: string;
  beforeEach(async () => {
    topic = uniqueName('topic');
    group = uniqueName('group');
    bus = await makeBus(topic);
  });
  afterEach(() => bus.stop());

  const consume = (handle: ConsumeOptions['handle'], batchMessagesMax = 10): Promise<Consumer> =>
    bus.consume(topic, { group, batchMessagesMax, handle, onFailure: () => {} });
  const collect = (seen: string[]): Promise<Consumer> =>
    consume((batch) => Promise.resolve(void seen.push(...batch.map(textOf))));

  test('delivers what was published before its consumer came, with key and headers', async () => {
    await bus.publish(topic, [message('a', '1'), message('a', '2')]);
    const seen: ReceivedMessage[] = [];
    await consume((batch) => Promise.resolve(void seen.push(...batch)));
    await until('both came', () => seen.length === 2);
    expect(seen.map(textOf)).toEqual(['1', '2']);
    expect(seen[1]).toMatchObject({ key: 'a', headers: { text: '2' } });
  });

  test('keeps the order within a key, whatever the batches', async () => {
    const seen = new Map<string, number[]>();
    await consume(async (batch) => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const one of batch) seen.set(one.key, [...(seen.get(one.key) ?? []), Number(textOf(one))]);
    }, 3);
    const messages = numbers(300).map((text) => message(`key ${Number(text) % 7}`, text));
    await bus.publish(topic, messages.slice(0, 150));
    await bus.publish(topic, messages.slice(150));
    await until('all came', () => [...seen.values()].flat().length === 300);
    for (const own of seen.values()) expect(own).toEqual([...own].sort((a, b) => a - b));
  });

  test('gives a batch again when its handler fails, before anything later of that key', async () => {
    const calls: string[][] = [];
    await consume((batch) => {
      calls.push(batch.map(textOf));
      return calls.length < 3 ? Promise.reject(new Error('bad weather')) : Promise.resolve();
    }, 1);
    await bus.publish(topic, [message('a', '1'), message('a', '2')]);
    await until('the second came', () => calls.at(-1)?.[0] === '2');
    expect(calls).toEqual([['1'], ['1'], ['1'], ['2']]);
  });

  test('goes on with other keys while the handler of one fails, and gives that one when it does not fail any more', async () => {
    // Keys that are numbers go round: these two are in different partitions.
    const [bad, good] = ['0', '1'];
    const seen: string[] = [];
    let failures = 0;
    let isWeatherBad = true;
    await consume((batch) => {
      if (isWeatherBad && batch.some((one) => one.key === bad)) {
        failures += 1;
        return Promise.reject(new Error('bad weather'));
      }
      return Promise.resolve(void seen.push(...batch.map(textOf)));
    }, 1);
    await bus.publish(topic, [message(bad, 'bad 1'), message(bad, 'bad 2')]);
    for (const text of ['good 1', 'good 2']) {
      const before = failures;
      await until('it failed (again)', () => failures > before);
      await bus.publish(topic, [message(good, text)]);
      await until('the other came', () => seen.includes(text));
    }
    expect(seen).toEqual(['good 1', 'good 2']);
    isWeatherBad = false;
    await until('all came', () => seen.length === 4);
    expect(seen.slice(2)).toEqual(['bad 1', 'bad 2']);
  });

  test('holds a bounded part of what nobody handles, and delivers all of it in the end', async () => {
    let isOpen = false;
    let handled = 0;
    const consumer = await consume(async (batch, signal) => {
      await until('handlers may go on', () => isOpen || signal.aborted);
      handled += batch.length;
    });
    const heldAtFirst = measureHeldBytes();
    let published = 0;
    const publishing = (async () => {
      for (; published < 100; published++) {
        await bus.publish(topic, [{ ...message(`key ${published}`, ''), value: Buffer.alloc(MIB / 2) }]);
      }
    })();
    await until('the sender waits, or is done', async () => {
      const before = published;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return published === before;
    });
    // While a fetch is put together from its pieces it is held twice: that passes. What is held for good would stay.
    await until('a bounded part is held', () => measureHeldBytes() - heldAtFirst < 20 * MIB);
    isOpen = true;
    await publishing;
    await until('all came', () => handled >= 100);
    await consumer.stop();
  });

  test('acknowledges nothing that was in work when it was stopped', async () => {
    let isWorking = false;
    const consumer = await consume(async (_batch, signal) => {
      isWorking = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('stopped in the middle');
    });
    await bus.publish(topic, [message('a', '1')]);
    await until('the handler works', () => isWorking);
    await consumer.stop();
    const again: string[] = [];
    await collect(again);
    await until('it came again', () => again.length === 1);
  });

  test('does not give the next consumer what the one before has handled', async () => {
    const first: string[] = [];
    const consumer = await collect(first);
    await bus.publish(topic, [message('a', '1'), message('b', '2')]);
    await until('the first has both', () => first.length === 2);
    await until('both are acknowledged', () => bus.isAcknowledged(topic, group));
    await consumer.stop();
    const second: string[] = [];
    await collect(second);
    await bus.publish(topic, [message('a', '3'), message('b', '4')]);
    await until('the second has the others', () => second.length >= 2);
    expect(second.sort()).toEqual(['3', '4']);
  });

  test('says whether a group has handled all there is', async () => {
    expect(await bus.isAcknowledged(topic, group)).toBe(true);
    await bus.publish(topic, [message('a', '1')]);
    expect(await bus.isAcknowledged(topic, group)).toBe(false);
    await collect([]);
    await until('it is handled', () => bus.isAcknowledged(topic, group));
  });

  test('refuses to take messages once it is stopped: nobody would get them', async () => {
    await bus.stop();
    await bus.stop();
    await expect(bus.publish(topic, [message('a', '1')])).rejects.toThrow('stopped');
  });
}

describe('the in-process bus', () => holdsTheContract(() => Promise.resolve(makeInProcessBus())));

describeKafka('the bus on Kafka', () => holdsTheContract((topic) => openTestBus([topic])));

// Other versions that users have, with the slow tests.
for (const version of process.env['TEST_FAULTS'] === 'all' ? ['3.9.2'] : []) {
  describe(`the bus on Kafka ${version}`, () => {
    let kafka: LocalKafka | undefined;
    beforeAll(async () => {
      kafka = await startLocalKafka({ version });
      await kafka.ready();
    }, 180_000);
    afterAll(() => kafka?.remove());
    holdsTheContract((topic) => openTestBus([topic], { access: withoutSecurity(kafka!.brokers) }));
  });
}
