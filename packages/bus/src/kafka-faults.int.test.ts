import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from '@jest/globals';
import {
  collectTexts,
  describeKafka,
  groupOf,
  openTestBus,
  startTcpProxy,
  testKafka,
  textMessage,
  uniqueName,
  until,
  withoutSecurity,
  type TcpProxy,
} from '@passbook/testing';
import { ConsumerDeadError, type Bus, type Consumer } from './bus.js';
import type { KafkaAccess } from './kafka-client.js';

/* What happens to messages when the network fails or a consumer dies. */

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openBus(topic: string, access?: KafkaAccess): Promise<Bus> {
  const bus = await openTestBus([topic], access ? { access } : {});
  closers.push(() => bus.stop());
  return bus;
}

describeKafka('a network that fails', () => {
  async function openProxied(topic: string): Promise<{ bus: Bus; proxy: TcpProxy }> {
    const { proxied } = await testKafka();
    const proxy = await startTcpProxy({
      port: Number(proxied!.brokers.split(':')[1]),
      target: proxied!.target,
    });
    closers.push(() => proxy.stop());
    return { proxy, bus: await openBus(topic, withoutSecurity(proxied!.brokers)) };
  }
  const firstOnes = (texts: readonly string[]): string[] => [...new Set(texts)];

  test('loses nothing that was published while connections are cut, and keeps the order within a key', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const filler = 'x'.repeat(20_000);
    const publishing = bus.publish(
      topic,
      numbers(400).map((text) => textMessage('a', `${text} ${filler}`)),
    );
    for (let cuts = 0; cuts < 6; cuts++) {
      const before = proxy.bytes.toTarget;
      await until('bytes pass, or all are sent', () => proxy.bytes.toTarget > before + 500_000, 3_000).catch(
        () => {},
      );
      proxy.cut();
    }
    await publishing;
    const seen = collectTexts(await openBus(topic), topic);
    await until('all came', () => firstOnes(seen).length === 400);
    expect(firstOnes(seen).map((text) => text.split(' ')[0])).toEqual(numbers(400));
  });

  test('sends again what may not have arrived, and the broker throws nothing away that follows', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    await bus.publish(topic, [textMessage('a', 'first')]);
    for (const text of numbers(5)) {
      // The broker has the message, and we do not hear of it.
      const dropped = proxy.dropNextAnswer((request) => request.includes(`lost ${text}`));
      await bus.publish(topic, [textMessage('a', `lost ${text}`)]);
      await dropped;
      await bus.publish(topic, [textMessage('a', `next ${text}`)]);
    }
    const seen = collectTexts(await openBus(topic), topic);
    const expected = ['first', ...numbers(5).flatMap((text) => [`lost ${text}`, `next ${text}`])];
    await until('all came', () => firstOnes(seen).length === expected.length);
    expect(firstOnes(seen)).toEqual(expected);
  });

  test('a stop does not wait for a broker that is away', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const seen = collectTexts(bus, topic);
    await bus.publish(topic, [textMessage('a', '1')]);
    await until('it came', () => seen.length === 1);
    proxy.refuse();
    const publishing = expect(bus.publish(topic, [textMessage('a', '2')])).rejects.toThrow('stopped');
    // It does not come back: a stop that waits for it never ends.
    await bus.stop();
    await publishing;
  });

  test('a stop does not wait for a broker that does not answer, and the bus says what is wrong', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const seen = collectTexts(bus, topic);
    await bus.publish(topic, [textMessage('a', '1')]);
    await until('it came', () => seen.length === 1);
    await until('nothing is in its way', () => bus.findObstacle() === null);
    proxy.refuse();
    const publishing = expect(bus.publish(topic, [textMessage('a', '2')])).rejects.toThrow('stopped');
    await until('it says so', () => bus.findObstacle());
    await proxy.accept();
    proxy.stall();
    await bus.stop();
    await publishing;
  });

  test('a consumer goes on when the broker comes back', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const failures: unknown[] = [];
    const seen = collectTexts(bus, topic, { onFailure: (err) => failures.push(err) });
    await bus.publish(topic, [textMessage('a', '1')]);
    await until('the first came', () => seen.length === 1);
    proxy.refuse();
    const publishing = (await openBus(topic)).publish(topic, [textMessage('a', '2')]);
    await publishing;
    await proxy.accept();
    await until('the second came', () => seen.includes('2'));
    expect(failures).toEqual([]);
  });
});

describeKafka('a process', () => {
  const consumerProcess = `
    const { makeKafkaBus } = await import(process.env.BUS);
    const { default: pino } = await import('pino');
    const bus = await makeKafkaBus({
      access: { brokers: [process.env.BROKERS], tls: null, sasl: null },
      prefix: '', topics: [process.env.TOPIC], log: pino({ level: 'silent' }),
    });
    await bus.consume(process.env.TOPIC, {
      group: process.env.GROUP, batchMessagesMax: 1, onFailure: () => {},
      async handle([one]) {
        console.log('has ' + one.value);
        if (String(one.value) === '2') await new Promise((resolve) => setTimeout(resolve, 1e9));
      },
    });
  `;

  test('that is killed while it handles a message leaves it to the next, and what it handled before stays handled', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    await bus.publish(topic, [textMessage('a', '1')]);
    const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', consumerProcess], {
      env: {
        PATH: process.env['PATH'],
        BUS: new URL('../dist/index.js', import.meta.url).href,
        BROKERS: (await testKafka()).brokers,
        TOPIC: topic,
        GROUP: groupOf(topic),
      },
      cwd: new URL('..', import.meta.url).pathname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    closers.push(() => {
      child.kill('SIGKILL');
      return ended;
    });
    let output = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until('it has the first', () => output.includes('has 1'));
    await until('the first is acknowledged', () => bus.isAcknowledged(topic, groupOf(topic)));
    await bus.publish(topic, [textMessage('a', '2'), textMessage('a', '3')]);
    await until('it works on the second', () => output.includes('has 2'));
    child.kill('SIGKILL');
    const seen = collectTexts(bus, topic);
    // Kafka waits until the session of the dead one has timed out.
    await until('another has the rest', () => seen.length >= 2);
    expect(seen).toEqual(['2', '3']);
  });

  test('gets a partition back that it lost while its batch was to be tried again, and goes on with it', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    let isWeatherBad = true;
    const seen: string[] = [];
    const failed = new Set<string>();
    const consume = (by: string, from: Bus): Promise<Consumer> =>
      from.consume(topic, {
        group: groupOf(topic),
        batchMessagesMax: 1,
        handle([one]) {
          if (!isWeatherBad) return Promise.resolve(void seen.push(`${by} ${one!.value.toString()}`));
          failed.add(`${by} ${one!.partition}`);
          return Promise.reject(new Error('bad weather'));
        },
        onFailure: () => {},
      });
    await consume('first', bus);
    // One for each partition.
    await bus.publish(
      topic,
      numbers(12).map((text) => textMessage(text, text)),
    );
    await until('each has failed', () => failed.size === 12);
    const other = await consume('second', await openBus(topic));
    await until('another has a part of them', () => failed.size > 12);
    await other.stop();
    isWeatherBad = false;
    // While partitions are given away, what was handled may come again.
    await until('the first has all of them', () => new Set(seen).size === 12);
    expect(new Set(seen)).toEqual(new Set(numbers(12).map((text) => `first ${text}`)));
  });

  test('is told when its consumer has died for good', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    const told: unknown[] = [];
    collectTexts(bus, topic, {
      handle: () => Promise.reject(new Error('a handler that fails')),
      onFailure: (err) => {
        told.push(err);
        // kafkajs gives up a consumer for a TypeError, wherever it comes from.
        if (!(err instanceof ConsumerDeadError)) throw new TypeError('a bug');
      },
    });
    await bus.publish(topic, [textMessage('a', '1')]);
    const dead = await until('it is told', () => told.find((err) => err instanceof ConsumerDeadError));
    expect((dead as Error).message).toContain('a bug');
  });
});
