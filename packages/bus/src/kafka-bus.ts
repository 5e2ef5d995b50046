import { setMaxListeners } from 'node:events';
import { unlessAborted, UserError, within, type Logger } from '@passbook/runtime';
import type { Kafka, Producer } from 'kafkajs';
import type { Bus, Consumer } from './bus.js';
import { explainKafkaError, isKafkaRefusal, makeKafkaClient, type KafkaAccess } from './kafka-client.js';
import { startKafkaConsumer } from './kafka-consumer.js';
import { publishToKafka } from './kafka-publisher.js';
import { ensureTopics, isAcknowledged, type PartitionCounts } from './kafka-topics.js';

/** A broker that is away must not hold up a stop for longer. */
const DISCONNECT_TIMEOUT_MS = 5_000;

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
  const names = topics.map((topic) => prefix + topic);
  const ensure = (): Promise<PartitionCounts> =>
    explainingRefusal(access, () => ensureTopics(kafka, names, log));
  const partitions = await ensure();
  const producer = await connectProducer(kafka);
  const consumers = new Set<Consumer>();
  const obstacles = new Map<string, string>();
  const publisher = { producer, ensureTopics: ensure, partitions, log, obstacles, signal: stopped.signal };
  return {
    isDurable: true,
    async publish(topic, messages) {
      stopped.signal.throwIfAborted();
      await publishToKafka(publisher, prefix + topic, messages);
    },
    consume(topic, options) {
      const groupId = prefix + options.group;
      const consumer = startKafkaConsumer({ kafka, topic: prefix + topic, groupId, log, obstacles }, options);
      consumers.add(consumer);
      return Promise.resolve(consumer);
    },
    async isAcknowledged(topic, group) {
      const ask = async (): Promise<boolean> => {
        // A topic that somebody deleted holds nothing: it is made anew, for consumers and for what is sent again.
        await ensure();
        return explainingRefusal(access, () => isAcknowledged(kafka, prefix + topic, prefix + group));
      };
      return unlessAborted(ask(), stopped.signal);
    },
    findObstacle: () => [...obstacles.values()][0] ?? null,
    async stop() {
      stopped.abort(new Error('The bus is stopped.'));
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      await within(DISCONNECT_TIMEOUT_MS, producer.disconnect());
    },
  };
}

async function connectProducer(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 1 });
  try {
    await producer.connect();
    return producer;
  } catch (err) {
    await within(DISCONNECT_TIMEOUT_MS, producer.disconnect());
    throw err;
  }
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
