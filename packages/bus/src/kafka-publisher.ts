import type { Message } from '@passbook/contracts';
import {
  makeSemaphore,
  retryDelayMs,
  unlessAborted,
  UserError,
  waitFor,
  type Logger,
} from '@passbook/runtime';
import type { Producer, RecordMetadata } from 'kafkajs';
import { explainKafkaError, isKafkaRefusal, isKafkaWeather } from './kafka-client.js';
import type { PartitionCounts } from './kafka-topics.js';
import { choosePartition } from './partition.js';

/*
 * One partition and one batch to a send: then its answer is either for all of its messages or for none.
 *
 * The producer is not idempotent, on purpose. That of kafkajs takes its sequence numbers back when a send is rejected; if
 * the broker had taken the messages, it holds the next ones for a repetition, and acknowledges what it throws away. A
 * plain producer can only repeat, and a repeated chunk is known by its number.
 */

/** A broker takes 1 MiB by default, of which the batch itself needs some. */
const BATCH_BYTES_MAX = 700 * 1024;

/** What a message takes beside its key, headers and value, at the most. */
const MESSAGE_OVERHEAD_BYTES = 100;

const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Of one call of `publish`: one is on the wire while the next is encoded. kafkajs copies each nine times for that, and with all
 * partitions at once these copies were most of a chunker's memory.
 */
const BATCHES_AT_ONCE = 2;

export interface PublisherParts {
  producer: Producer;
  /** Called before a send is tried again: the topic may have been deleted. */
  ensureTopics: () => Promise<PartitionCounts>;
  partitions: PartitionCounts;
  log: Logger;
  /** What keeps us from our work, by what we do: others ask for it. */
  obstacles: Map<string, string>;
  /** Aborts when the bus is stopped. */
  signal: AbortSignal;
}

/**
 * Sends messages and waits until Kafka has them all, for as long as it takes.
 * @throws UserError when Kafka refuses them for good, and when the bus is stopped
 */
export async function publishToKafka(
  parts: PublisherParts,
  topic: string,
  messages: readonly Message[],
): Promise<void> {
  const count = parts.partitions.get(topic);
  if (count === undefined) throw new Error(`The topic ${topic} was not announced when the bus was made.`);
  const byPartition = new Map<number, Message[]>();
  for (const message of messages) {
    const partition = choosePartition(message.key, count);
    const own = byPartition.get(partition);
    if (own) own.push(message);
    else byPartition.set(partition, [message]);
  }
  const inTurn = makeSemaphore(BATCHES_AT_ONCE);
  const sends = [...byPartition].map(async ([partition, own]) => {
    for (const batch of cutIntoBatches(own))
      await sendUntilTaken({ ...parts, inTurn }, topic, partition, batch);
  });
  const results = await Promise.allSettled(sends);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function* cutIntoBatches(messages: readonly Message[]): Generator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = measureMessage(message);
    if (batch.length > 0 && bytes + size > BATCH_BYTES_MAX) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function measureMessage({ key, headers, value }: Message): number {
  let bytes = value.length + Buffer.byteLength(key) + MESSAGE_OVERHEAD_BYTES;
  for (const [name, text] of Object.entries(headers)) bytes += name.length + Buffer.byteLength(text) + 10;
  return bytes;
}

async function sendUntilTaken(
  parts: PublisherParts & { inTurn: ReturnType<typeof makeSemaphore> },
  topic: string,
  partition: number,
  messages: readonly Message[],
): Promise<void> {
  const { producer, inTurn, log, obstacles, signal } = parts;
  const task = `publish ${topic} ${partition}`;
  const batch = messages.map(({ key, headers, value }) => ({ key, headers, value, partition }));
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      const send = inTurn(() =>
        producer.send({ topic, acks: -1, timeout: ANSWER_TIMEOUT_MS, messages: batch }),
      );
      expectTaken(await unlessAborted(send, signal), partition);
      obstacles.delete(task);
      return;
    } catch (err) {
      signal.throwIfAborted();
      const reason = explainKafkaError(err);
      if (isKafkaRefusal(err))
        throw new UserError(`Kafka refuses messages on ${topic}: ${reason}`, { cause: err });
      if (!isKafkaWeather(err)) throw err;
      obstacles.set(task, `Kafka: ${reason}`);
      log.warn({ topic, partition, reason }, 'Kafka does not take messages; trying again');
    }
    await waitFor(retryDelayMs(attempt), signal);
    // Should this fail as well, the next send tells.
    await unlessAborted(parts.ensureTopics(), signal).catch(() => {});
  }
}

/** @throws Error when the answer is not one for this batch: then nobody knows whether Kafka has it */
function expectTaken(answers: readonly RecordMetadata[], partition: number): void {
  const [answer] = answers;
  const isTaken =
    answers.length === 1 &&
    answer!.partition === partition &&
    answer!.errorCode === 0 &&
    Number(answer!.baseOffset) >= 0;
  if (!isTaken)
    throw new Error(`Kafka answered for something else than was sent: ${JSON.stringify(answers)}`);
}
