import { setMaxListeners } from 'node:events';
import { UserError, type Logger } from '@passbook/runtime';
import type { Bus, Consumer } from './bus.js';
import { explainKafkaError, isKafkaRefusal, makeKafkaClient, type KafkaAccess } from './kafka-client.js';
import { startKafkaConsumer } from './kafka-consumer.js';
import { publishToKafka } from './kafka-publisher.js';
import { ensureTopics, isAcknowledged } from './kafka-topics.js';

export interface KafkaBusOptions {
  access: KafkaAccess;
  /** Before the names of topics and groups, so that several installations can share a cluster. May be empty. */
  prefix: string;
  /** Every topic that is published to or consumed. */
  topics: readonly string[];
  log: Logger;
}

/**
 * A bus on Kafka, with the contract of `Bus`. Connects, and makes the topics that are not there.
 * @throws UserError when the cluster or a topic will not do; bad weather (`isKafkaWeather`) when it is away
 */
export async function makeKafkaBus({ access, prefix, topics, log }: KafkaBusOptions): Promise<Bus> {
  const stopped = new AbortController();
  // Each message that is on its way listens to it.
  setMaxListeners(0, stopped.signal);
  const kafka = makeKafkaClient(access, log);
  const ensure = () =>
    ensureTopics(
      kafka,
      topics.map((topic) => prefix + topic),
      log,
    );
  const partitions = await explainingRefusal(access, ensure);
  const producer = kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 1 });
  await producer.connect();
  const consumers = new Set<Consumer>();
  const publisher = { producer, ensureTopics: ensure, partitions, log, signal: stopped.signal };
  return {
    isDurable: true,
    async publish(topic, messages) {
      stopped.signal.throwIfAborted();
      await publishToKafka(publisher, prefix + topic, messages);
    },
    consume(topic, options) {
      const groupId = prefix + options.group;
      const consumer = startKafkaConsumer({ kafka, topic: prefix + topic, groupId, log }, options);
      consumers.add(consumer);
      return Promise.resolve(consumer);
    },
    isAcknowledged: (topic, group) => isAcknowledged(kafka, prefix + topic, prefix + group),
    async stop() {
      stopped.abort(new Error('The bus is stopped.'));
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      await producer.disconnect();
    },
  };
}

async function explainingRefusal<T>(access: KafkaAccess, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (!isKafkaRefusal(err)) throw err;
    throw new UserError(
      `Kafka at ${access.brokers.join(',')} refuses us: ${explainKafkaError(err)}. Look at KAFKA_SASL_MECHANISM, KAFKA_USERNAME, KAFKA_PASSWORD, and at what that user may do.`,
      { cause: err },
    );
  }
}
