import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Message, ReceivedMessage } from '@passbook/contracts';
import { until } from '@passbook/testing';
import type { Bus } from './bus.js';
import { makeInProcessBus } from './in-process-bus.js';

const message = (key: string, text: string): Message => ({
  key,
  headers: { text },
  value: Buffer.from(text),
});
const textOf = ({ value }: ReceivedMessage): string => value.toString();

describe('the in-process bus', () => {
  let bus: Bus;
  beforeEach(() => {
    bus = makeInProcessBus();
  });
  afterEach(() => bus.stop());

  const consume = (
    handle: (batch: readonly ReceivedMessage[], signal: AbortSignal) => Promise<void>,
    batchMessagesMax = 10,
  ) => bus.consume('topic', { group: 'group', batchMessagesMax, handle, onFailure: () => {} });

  test('delivers what was published before its consumer came', async () => {
    await bus.publish('topic', [message('a', '1'), message('a', '2')]);
    const seen: string[] = [];
    await consume((batch) => Promise.resolve(void seen.push(...batch.map(textOf))));
    await until('both came', () => seen.length === 2);
    expect(seen).toEqual(['1', '2']);
  });

  test('keeps the order within a key, whatever the batches', async () => {
    const seen = new Map<string, number[]>();
    await consume(async (batch) => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const one of batch) seen.set(one.key, [...(seen.get(one.key) ?? []), Number(textOf(one))]);
    }, 3);
    const messages = Array.from({ length: 300 }, (_, at) => message(`key ${at % 7}`, String(at)));
    await bus.publish('topic', messages);
    await until('all came', () => [...seen.values()].flat().length === 300);
    for (const numbers of seen.values()) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test('gives a batch again when its handler fails, before anything later of that key', async () => {
    const calls: string[][] = [];
    await consume((batch) => {
      calls.push(batch.map(textOf));
      return calls.length < 3 ? Promise.reject(new Error('bad weather')) : Promise.resolve();
    }, 1);
    await bus.publish('topic', [message('a', '1'), message('a', '2')]);
    await until('the second came', () => calls.at(-1)?.[0] === '2');
    expect(calls).toEqual([['1'], ['1'], ['1'], ['2']]);
  });

  test('makes the sender wait while its queues are full, and goes on when they are not', async () => {
    const big = Array.from({ length: 40 }, (_, at) => ({
      ...message('a', String(at)),
      value: Buffer.alloc(1024 * 1024),
    }));
    let isPublished = false;
    const publishing = bus.publish('topic', big).then(() => (isPublished = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isPublished).toBe(false);
    let count = 0;
    await consume((batch) => Promise.resolve(void (count += batch.length)));
    await publishing;
    await until('all came', () => count === 40);
  });

  test('acknowledges nothing that was in work when it was stopped', async () => {
    let isWorking = false;
    const consumer = await consume(async (_batch, signal) => {
      isWorking = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('stopped in the middle');
    });
    await bus.publish('topic', [message('a', '1')]);
    await until('the handler works', () => isWorking);
    await consumer.stop();
    const again: string[] = [];
    await consume((batch) => Promise.resolve(void again.push(...batch.map(textOf))));
    await until('it came again', () => again.length === 1);
  });

  test('refuses to take messages once it is stopped: nobody would get them', async () => {
    await bus.stop();
    await bus.stop();
    await expect(bus.publish('topic', [message('a', '1')])).rejects.toThrow('stopped');
  });
});
