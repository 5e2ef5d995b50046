import type { Message, ReceivedMessage } from '@passbook/contracts';
import { retryDelayMs, waitFor } from '@passbook/runtime';
import type { Bus, ConsumeOptions, Consumer } from './bus.js';
import { choosePartition } from './partition.js';

/** As many handlers may work at once on a topic: two, for a processor that waits for Postgres leaves a core idle. */
const PARTITIONS = 2;

/** What the queues of one topic may hold before `publish` waits: enough to keep the processor busy, flat in the file's size. */
const QUEUED_BYTES_MAX = 4 * 1024 * 1024;

interface Partition {
  no: number;
  queue: ReceivedMessage[];
  nextOffset: number;
}

interface Topic {
  partitions: Partition[];
  queuedBytes: number;
  /** Called when something was queued or taken away. */
  changed: Set<() => void>;
  consumer: Consumer | null;
}

/** A bus inside this process, with the contract of `Bus`. A topic has one group, and holds what comes before it. */
export function makeInProcessBus(): Bus {
  const topics = new Map<string, Topic>();
  const stopped = new AbortController();
  const topicOf = (name: string): Topic => {
    let topic = topics.get(name);
    if (!topic) topics.set(name, (topic = makeTopic()));
    return topic;
  };
  return {
    isDurable: false,
    async publish(name, messages) {
      const topic = topicOf(name);
      for (const message of messages) {
        while (topic.queuedBytes >= QUEUED_BYTES_MAX && !stopped.signal.aborted)
          await change(topic, stopped.signal);
        if (stopped.signal.aborted) throw new Error('The bus is stopped.');
        enqueue(topic, name, message);
      }
    },
    consume(name, options) {
      const topic = topicOf(name);
      if (topic.consumer) throw new Error(`The topic ${name} has a consumer already.`);
      topic.consumer = startConsumer(topic, options);
      return Promise.resolve(topic.consumer);
    },
    isAcknowledged: (name) =>
      Promise.resolve(topicOf(name).partitions.every((partition) => partition.queue.length === 0)),
    findObstacle: () => null,
    async stop() {
      stopped.abort();
      await Promise.all([...topics.values()].map(async (topic) => topic.consumer?.stop()));
    },
  };
}

function makeTopic(): Topic {
  const partitions = Array.from({ length: PARTITIONS }, (_, no) => ({ no, queue: [], nextOffset: 0 }));
  return { partitions, queuedBytes: 0, changed: new Set(), consumer: null };
}

function enqueue(topic: Topic, name: string, message: Message): void {
  const partition = topic.partitions[choosePartition(message.key, PARTITIONS)]!;
  partition.queue.push({
    ...message,
    topic: name,
    partition: partition.no,
    offset: String(partition.nextOffset++),
  });
  topic.queuedBytes += message.value.length;
  announce(topic);
}

function startConsumer(topic: Topic, options: ConsumeOptions): Consumer {
  const stopping = new AbortController();
  const running = Promise.all(
    topic.partitions.map((partition) => drain(topic, partition, options, stopping.signal)),
  );
  return {
    async stop() {
      if (stopping.signal.aborted) return void (await running);
      stopping.abort();
      await running;
      topic.consumer = null;
    },
  };
}

async function drain(
  topic: Topic,
  partition: Partition,
  options: ConsumeOptions,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const batch = partition.queue.slice(0, options.batchMessagesMax);
    if (batch.length === 0) {
      await change(topic, signal);
      continue;
    }
    try {
      await options.handle(batch, signal);
    } catch (err) {
      if (signal.aborted) break;
      options.onFailure(err);
      await waitFor(retryDelayMs(failures++), signal);
      continue;
    }
    failures = 0;
    partition.queue.splice(0, batch.length);
    for (const message of batch) topic.queuedBytes -= message.value.length;
    announce(topic);
  }
}

function announce(topic: Topic): void {
  for (const resolve of [...topic.changed]) resolve();
}

/** Resolves when a queue of the topic has changed, or the signal aborts. */
function change(topic: Topic, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      topic.changed.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    topic.changed.add(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
