import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { afterEach, expect, jest, test } from '@jest/globals';
import type { Message, ReceivedMessage } from '@passbook/contracts';
import { makeLogger, UserError } from '@passbook/runtime';
import { describeKafka, startTcpProxy, testKafka, uniqueName, until, type TcpProxy } from '@passbook/testing';
import { ConsumerDeadError, type Bus, type ConsumeOptions } from './bus.js';
import { makeKafkaBus } from './kafka-bus.js';
import { makeKafkaClient, type KafkaAccess } from './kafka-client.js';

/* What is Kafka's own: its topics, its security, and what happens when it or a consumer dies. */

const log = makeLogger('silent');
const message = (key: string, text: string): Message => ({ key, headers: {}, value: Buffer.from(text) });
const textOf = ({ value }: ReceivedMessage): string => value.toString();
/** Kafka gives the members of a group the topics of any of them: groups are never shared. */
const groupOf = (topic: string): string => `group of ${topic}`;
const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const plain = (brokers: string): KafkaAccess => ({ brokers: [brokers], tls: null, sasl: null });

async function openBus(topic: string, access?: KafkaAccess): Promise<Bus> {
  const bus = await makeKafkaBus({
    access: access ?? plain((await testKafka()).brokers),
    prefix: '',
    topics: [topic],
    log,
  });
  closers.push(() => bus.stop());
  return bus;
}

const collect = (bus: Bus, topic: string, options: Partial<ConsumeOptions> = {}): string[] => {
  const seen: string[] = [];
  void bus.consume(topic, {
    group: groupOf(topic),
    batchMessagesMax: 100,
    handle: (batch) => Promise.resolve(void seen.push(...batch.map(textOf))),
    onFailure: () => {},
    ...options,
  });
  return seen;
};

describeKafka('a network that fails', () => {
  async function openProxied(topic: string): Promise<{ bus: Bus; proxy: TcpProxy }> {
    const { proxied } = await testKafka();
    const proxy = await startTcpProxy({
      port: Number(proxied!.brokers.split(':')[1]),
      target: proxied!.target,
    });
    closers.push(() => proxy.stop());
    return { proxy, bus: await openBus(topic, plain(proxied!.brokers)) };
  }
  const firstOnes = (texts: readonly string[]): string[] => [...new Set(texts)];

  test('loses nothing that was published while connections are cut, and keeps the order within a key', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const filler = 'x'.repeat(20_000);
    const publishing = bus.publish(
      topic,
      numbers(400).map((text) => message('a', `${text} ${filler}`)),
    );
    for (let cuts = 0; cuts < 6; cuts++) {
      const before = proxy.bytes.toTarget;
      await until('bytes pass, or all are sent', () => proxy.bytes.toTarget > before + 500_000, 3_000).catch(
        () => {},
      );
      proxy.cut();
    }
    await publishing;
    const seen = collect(await openBus(topic), topic);
    await until('all came', () => firstOnes(seen).length === 400);
    expect(firstOnes(seen).map((text) => text.split(' ')[0])).toEqual(numbers(400));
  });

  test('sends again what may not have arrived, and the broker throws nothing away that follows', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    await bus.publish(topic, [message('a', 'first')]);
    for (const text of numbers(5)) {
      // The broker has the message, and we do not hear of it.
      const dropped = proxy.dropNextAnswer((request) => request.includes(`lost ${text}`));
      await bus.publish(topic, [message('a', `lost ${text}`)]);
      await dropped;
      await bus.publish(topic, [message('a', `next ${text}`)]);
    }
    const seen = collect(await openBus(topic), topic);
    const expected = ['first', ...numbers(5).flatMap((text) => [`lost ${text}`, `next ${text}`])];
    await until('all came', () => firstOnes(seen).length === expected.length);
    expect(firstOnes(seen)).toEqual(expected);
  });

  test('a stop does not wait for a broker that is away', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const seen = collect(bus, topic);
    await bus.publish(topic, [message('a', '1')]);
    await until('it came', () => seen.length === 1);
    proxy.refuse();
    const publishing = expect(bus.publish(topic, [message('a', '2')])).rejects.toThrow('stopped');
    const startedAtMs = performance.now();
    await bus.stop();
    await publishing;
    expect(performance.now() - startedAtMs).toBeLessThan(12_000);
  });

  test('a stop does not wait for a broker that does not answer, and the bus says what is wrong', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const seen = collect(bus, topic);
    await bus.publish(topic, [message('a', '1')]);
    await until('it came', () => seen.length === 1);
    expect(bus.findObstacle()).toBe(null);
    proxy.refuse();
    const publishing = expect(bus.publish(topic, [message('a', '2')])).rejects.toThrow('stopped');
    await until('it says so', () => bus.findObstacle());
    await proxy.accept();
    proxy.stall();
    await bus.stop();
    await publishing;
  }, 40_000);

  test('a consumer goes on when the broker comes back', async () => {
    const topic = uniqueName('topic');
    const { bus, proxy } = await openProxied(topic);
    const failures: unknown[] = [];
    const seen = collect(bus, topic, { onFailure: (err) => failures.push(err) });
    await bus.publish(topic, [message('a', '1')]);
    await until('the first came', () => seen.length === 1);
    proxy.refuse();
    const publishing = (await openBus(topic)).publish(topic, [message('a', '2')]);
    await publishing;
    await proxy.accept();
    await until('the second came', () => seen.includes('2'), 60_000);
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
    await bus.publish(topic, [message('a', '1')]);
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
    await bus.publish(topic, [message('a', '2'), message('a', '3')]);
    await until('it works on the second', () => output.includes('has 2'));
    child.kill('SIGKILL');
    const seen = collect(bus, topic);
    // Kafka waits until the session of the dead one has timed out.
    await until('another has the rest', () => seen.length >= 2, 45_000);
    expect(seen).toEqual(['2', '3']);
  });

  test('is told when its consumer has died for good', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    const told: unknown[] = [];
    collect(bus, topic, {
      handle: () => Promise.reject(new Error('a handler that fails')),
      onFailure: (err) => {
        told.push(err);
        // kafkajs gives up a consumer for a TypeError, wherever it comes from.
        if (!(err instanceof ConsumerDeadError)) throw new TypeError('a bug');
      },
    });
    await bus.publish(topic, [message('a', '1')]);
    const dead = await until('it is told', () => told.find((err) => err instanceof ConsumerDeadError));
    expect((dead as Error).message).toContain('a bug');
  });
});

describeKafka('topics', () => {
  const withAdmin = async <T>(
    work: (admin: ReturnType<ReturnType<typeof makeKafkaClient>['admin']>) => Promise<T>,
  ): Promise<T> => {
    const admin = makeKafkaClient(plain((await testKafka()).brokers), log).admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  };

  test('are made with twelve partitions, also when many services start at once', async () => {
    const topic = uniqueName('topic');
    await Promise.all([openBus(topic), openBus(topic), openBus(topic)]);
    const { topics } = await withAdmin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
    expect(topics[0]?.partitions).toHaveLength(12);
  });

  test.each([
    ['cleanup.policy', 'compact', 'It must be "delete"'],
    ['max.message.bytes', '100000', 'it must be 589824 or more'],
    ['compression.type', 'zstd', 'It must be "producer"'],
  ])('with %s=%s are refused, with the way out', async (name, value, sentence) => {
    const topic = uniqueName('topic');
    await withAdmin((admin) => admin.createTopics({ topics: [{ topic, configEntries: [{ name, value }] }] }));
    const opening = openBus(topic);
    await expect(opening).rejects.toThrow(UserError);
    await expect(opening).rejects.toThrow(sentence);
  });

  test('that are deleted hold nothing: they are made anew when somebody asks, and consumers go on', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    const seen = collect(bus, topic);
    await bus.publish(topic, [message('a', '1')]);
    await until('the first came', () => seen.length === 1);
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await until('nothing is left to come', () =>
      bus.isAcknowledged(topic, groupOf(topic)).catch(() => false),
    );
    // Made anew so soon, the topic has the consumer's old offset again: it may miss messages up to there, as if they were
    // lost, and who sent them sends them again.
    await (await openBus(topic)).publish(topic, [message('a', '2'), message('a', '3')]);
    await until('the last came', () => seen.includes('3'), 45_000);
  }, 120_000);

  test('that are deleted under a sender are made anew, and it goes on', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    await bus.publish(topic, [message('a', '1')]);
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await bus.publish(topic, [message('a', '2')]);
    const seen = collect(await openBus(topic), topic);
    await until('it came', () => seen.includes('2'));
  });
});

describeKafka('security', () => {
  const secureAccess = async (
    changes: Partial<NonNullable<KafkaAccess['sasl']>> = {},
  ): Promise<KafkaAccess> => {
    const { secure } = await testKafka();
    const { brokers, ca, username, password } = secure!;
    return {
      brokers: [brokers],
      tls: { ca },
      sasl: { mechanism: 'plain', username, password, ...changes },
    };
  };

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'messages go over TLS with SASL %s',
    async (mechanism) => {
      const topic = uniqueName('topic');
      const bus = await openBus(topic, await secureAccess({ mechanism }));
      await bus.publish(topic, [message('a', mechanism)]);
      const seen = collect(bus, topic);
      await until('it came', () => seen.length === 1);
    },
  );

  test('a wrong password is refused at once, with a sentence', async () => {
    const opening = openBus(uniqueName('topic'), await secureAccess({ password: 'wrong' }));
    await expect(opening).rejects.toThrow(UserError);
    await expect(opening).rejects.toThrow(/KAFKA_USERNAME/);
  });

  test('a broker whose certificate nobody vouches for gets nothing', async () => {
    const access = { ...(await secureAccess()), tls: {} };
    await expect(openBus(uniqueName('topic'), access)).rejects.toThrow(/certificate/);
  });
});

describeKafka('a connection with nothing pending', () => {
  test('does not look for pending requests all the time', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    const seen = collect(bus, topic);
    await bus.publish(topic, [message('a', '1')]);
    await until('it came', () => seen.length === 1);
    const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
      prototype: { checkPendingRequests: () => void };
    };
    const checks = jest.spyOn(queue.prototype, 'checkPendingRequests');
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Once for each answer: without the guard it is once a millisecond for each connection.
    expect(checks.mock.calls.length).toBeLessThan(25);
    checks.mockRestore();
  });
});
