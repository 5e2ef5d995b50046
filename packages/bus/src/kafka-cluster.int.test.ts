import { afterEach, expect, test } from '@jest/globals';
import { makeLogger, UserError } from '@passbook/runtime';
import {
  collectTexts,
  describeKafka,
  groupOf,
  openTestBus,
  testKafka,
  textMessage,
  uniqueName,
  until,
  withoutSecurity,
} from '@passbook/testing';
import type { Bus } from './bus.js';
import { isKafkaWeather, makeKafkaClient, type KafkaAccess } from './kafka-client.js';

/* What the bus asks of a cluster: topics that will do, and ways in. */

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openBus(topic: string, access?: KafkaAccess): Promise<Bus> {
  const bus = await openTestBus([topic], access ? { access } : {});
  closers.push(() => bus.stop());
  return bus;
}

/** For those who try again. @throws what is not weather */
function nullInWeather(err: unknown): null {
  if (isKafkaWeather(err)) return null;
  throw err;
}

describeKafka('topics', () => {
  const withAdmin = async <T>(
    work: (admin: ReturnType<ReturnType<typeof makeKafkaClient>['admin']>) => Promise<T>,
  ): Promise<T> => {
    const admin = makeKafkaClient(withoutSecurity((await testKafka()).brokers), makeLogger('silent')).admin();
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

  test('that were made a moment ago hold nothing, though their leaders are still being chosen', async () => {
    for (let round = 0; round < 8; round++) {
      const names = Array.from({ length: 6 }, () => uniqueName('topic'));
      const bus = await openTestBus(names);
      closers.push(() => bus.stop());
      const answers = names.map((topic) => bus.isAcknowledged(topic, groupOf(topic)));
      expect(await Promise.all(answers)).toEqual(names.map(() => true));
    }
  });

  test.each([
    ['cleanup.policy', 'compact', 'It must be "delete"'],
    ['max.message.bytes', '100000', 'it must be 589824 or more'],
    ['compression.type', 'zstd', 'It must be "producer"'],
  ])('with %s=%s are refused, with the way out', async (name, value, sentence) => {
    const topic = uniqueName('topic');
    // To wait for leaders is what the bus is asked to do.
    const made = { waitForLeaders: false, topics: [{ topic, configEntries: [{ name, value }] }] };
    await withAdmin((admin) => admin.createTopics(made));
    const opening = openBus(topic);
    await expect(opening).rejects.toThrow(UserError);
    await expect(opening).rejects.toThrow(sentence);
  });

  test('that are deleted hold nothing: they are made anew when somebody asks, and consumers go on', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    const seen = collectTexts(bus, topic);
    await bus.publish(topic, [textMessage('a', '1')]);
    await until('the first came', () => seen.length === 1);
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await until('nothing is left to come', () =>
      bus.isAcknowledged(topic, groupOf(topic)).catch(() => false),
    );
    // Made anew so soon, the topic has the consumer's old offset again: it may miss messages up to there, as if they were
    // lost, and who sent them sends them again.
    // As long as the broker is about to delete it, a bus cannot be made: weather, as for any service that starts just then.
    const again = await until('the topic is there again', () => openBus(topic).catch(nullInWeather));
    await again.publish(topic, [textMessage('a', '2'), textMessage('a', '3')]);
    await until('the last came', () => seen.includes('3'));
  });

  test('that are deleted under a sender are made anew, and it goes on', async () => {
    const topic = uniqueName('topic');
    const bus = await openBus(topic);
    await bus.publish(topic, [textMessage('a', '1')]);
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await bus.publish(topic, [textMessage('a', '2')]);
    const seen = collectTexts(await openBus(topic), topic);
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
      await bus.publish(topic, [textMessage('a', mechanism)]);
      const seen = collectTexts(bus, topic);
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
