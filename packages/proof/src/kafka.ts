import type { ReceivedMessage } from '@passbook/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { startTcpProxy, until, type TcpProxy } from '@passbook/testing';
import kafkajs, { type Kafka } from 'kafkajs';
import { startLocalKafka } from '../../../scripts/local-kafka.mjs';
import { readTopic } from './read-topic.js';

/** A message as it is put on a topic by somebody who is not the product. */
export interface ForeignMessage {
  key: string | null;
  headers: Record<string, string>;
  value: Buffer | null;
}

/** A Kafka of its own, behind a network that can fail, and what strangers can do to its topics. */
export interface ProofKafka {
  version: string;
  proxy: TcpProxy;
  /** Through the network that can fail. */
  brokers: string;
  crash(): Promise<void>;
  restart(): Promise<void>;
  /** Everything that a topic holds now. */
  read(topic: string): Promise<ReceivedMessage[]>;
  /** What a group has not handled yet. */
  readWaiting(topic: string, group: string): Promise<ReceivedMessage[]>;
  write(topic: string, messages: readonly ForeignMessage[]): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** Lets a group believe that it has handled all that is there. It must have no members. */
  skipAll(topic: string, group: string): Promise<void>;
  remove(): Promise<void>;
}

export async function startProofKafka(version: string): Promise<ProofKafka> {
  const broker = await startLocalKafka({ version, notify: (line) => process.stderr.write(`${line}\n`) });
  const proxy = await startTcpProxy({
    port: Number(broker.proxied.brokers.split(':')[1]),
    target: broker.proxied.target,
  });
  await broker.ready();
  const { logLevel, Kafka } = kafkajs;
  const kafka = new Kafka({
    brokers: [broker.brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 200, maxRetryTime: 2000 },
  });
  const administer = makeAdminister(kafka);
  return {
    version,
    proxy,
    brokers: broker.proxied.brokers,
    async crash() {
      await broker.crash();
      await broker.start();
      await broker.ready();
    },
    async restart() {
      await broker.stop();
      await broker.start();
      await broker.ready();
    },
    read: (topic) => insist(() => readTopic(kafka, topic)),
    async readWaiting(topic, group) {
      const [handled] = await insist(() =>
        administer((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] })),
      );
      const next = new Map(handled?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      const messages = await insist(() => readTopic(kafka, topic));
      return messages.filter(({ partition, offset }) => BigInt(offset) >= (next.get(partition) ?? -1n));
    },
    async write(topic, messages) {
      const producer = kafka.producer({ allowAutoTopicCreation: false });
      await producer.connect();
      try {
        // A batch has a limit; what is written here may be large.
        for (const message of messages) await insist(() => producer.send({ topic, messages: [message] }));
      } finally {
        await producer.disconnect();
      }
    },
    deleteTopic: (topic) => insist(() => administer((admin) => admin.deleteTopics({ topics: [topic] }))),
    async skipAll(topic, group) {
      const skip = async (): Promise<boolean> => {
        const ends = await administer((admin) => admin.fetchTopicOffsets(topic));
        const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
        // Refused as long as the group has members.
        const set = administer((admin) => admin.setOffsets({ groupId: group, topic, partitions }));
        return set.then(
          () => true,
          () => false,
        );
      };
      await until('the group has no members', skip, 60_000);
    },
    async remove() {
      await proxy.stop();
      await broker.remove();
    },
  };
}

type Admin = ReturnType<Kafka['admin']>;

/** Lends an admin. */
function makeAdminister(kafka: Kafka): <T>(run: (admin: Admin) => Promise<T>) => Promise<T> {
  return async (run) => {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await run(admin);
    } finally {
      await admin.disconnect();
    }
  };
}

/** Tries again what fails: a broker that has just begun, or a topic that is being made, refuses for a while. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let triesLeft = 40; ; triesLeft--) {
    try {
      return await work();
    } catch (err) {
      if (triesLeft === 0) throw err;
    }
    await pause(500);
  }
}
