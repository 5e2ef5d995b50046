import { setMaxListeners } from 'node:events';
import { retryDelayMs, unlessAborted, waitFor, within, type Logger } from '@passbook/runtime';
import type { Consumer as KafkaJsConsumer, ConsumerCrashEvent, Kafka } from 'kafkajs';
import { ConsumerDeadError, type ConsumeOptions, type Consumer } from './bus.js';
import { explainKafkaError, isKafkaWeather } from './kafka-client.js';
import { makeBatchHandler, type BatchHandler } from './kafka-batch.js';

/*
 * One consumer of a group, for as long as the process lives.
 *
 * kafkajs ends a consumer for many reasons, and starts some of them again by itself, even after they were stopped. We let
 * it start none: whatever ends one in bad weather, a new one follows after a pause. Anything else is told as a
 * ConsumerDeadError, and so is a consumer that gives no sign of life.
 */

/** Partitions that are handled at once: two, for a handler that waits for Postgres leaves a core idle. */
const PARTITIONS_AT_ONCE = 2;

/**
 * A member that is silent for so long is taken for dead, and another gets its partitions. Short, because a killed
 * processor holds up a third of an import for so long; one that was only slow does no harm, for the database decides.
 */
const SESSION_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 3_000;

/** kafkajs sends a heartbeat that is due: asked only as often as that, it would send every second one. */
const PULSE_MS = 1_000;

/** How long the members have to join again when one comes or goes. */
const REBALANCE_TIMEOUT_MS = 60_000;

/** A fetch waits so long for the first message; a stop waits for the fetch. */
const FETCH_WAIT_MS = 1_000;

/** What a handler may find together of one partition, and the most that a fetch brings from a broker: it bounds what is held. */
const FETCH_BYTES_PER_PARTITION_MAX = 4 * 1024 * 1024;
const FETCH_BYTES_MAX = PARTITIONS_AT_ONCE * FETCH_BYTES_PER_PARTITION_MAX;

/** Without heartbeat, fetch, handler or try to connect for so long, a consumer hangs. */
const SILENCE_MAX_MS = 5 * 60_000;

/** One call of a handler is a few transactions, and fails in bad weather: one that takes so long will never return. */
const CALL_MAX_MS = 10 * 60_000;
const LOOK_EVERY_MS = 30_000;

/** A broker that is away must not hold up a stop for longer: then the session times out instead of being left. */
const LEAVE_TIMEOUT_MS = 5_000;

/** A consumer that lived for so long was healthy: the pauses between tries begin anew. */
const HEALTHY_MS = 60_000;

interface Parts {
  kafka: Kafka;
  topic: string;
  groupId: string;
  log: Logger;
  /** What keeps us from our work, by what we do: others ask for it. */
  obstacles: Map<string, string>;
}

export function startKafkaConsumer(parts: Parts, options: ConsumeOptions): Consumer {
  const stopping = new AbortController();
  // Each partition that is paused listens to it.
  setMaxListeners(0, stopping.signal);
  const running = keepConsuming(parts, options, stopping.signal);
  return {
    async stop() {
      stopping.abort(new Error('The consumer is stopped.'));
      await running;
    },
  };
}

async function keepConsuming(parts: Parts, options: ConsumeOptions, signal: AbortSignal): Promise<void> {
  const { topic, groupId, log, obstacles } = parts;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const startedAtMs = performance.now();
    try {
      await consumeUntilEnd(parts, options, signal);
    } catch (err) {
      if (signal.aborted) return;
      const reason = explainKafkaError(err);
      obstacles.set(`consume ${topic}`, `Kafka: ${reason}`);
      if (err instanceof ConsumerDeadError || !isKafkaWeather(err)) {
        options.onFailure(
          new ConsumerDeadError(`The consumer of ${topic} has ended: ${reason}`, { cause: err }),
        );
        return;
      }
      if (performance.now() - startedAtMs > HEALTHY_MS) attempt = 0;
      log.warn({ topic, groupId, reason }, 'Kafka is away; the consumer is started again');
      await waitFor(retryDelayMs(attempt), signal);
    }
  }
}

/** @throws what ended the consumer: its crash, its silence, or the reason of the signal */
async function consumeUntilEnd(parts: Parts, options: ConsumeOptions, signal: AbortSignal): Promise<void> {
  const { kafka, topic, groupId } = parts;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytes: FETCH_BYTES_MAX,
    maxBytesPerPartition: FETCH_BYTES_PER_PARTITION_MAX,
    allowAutoTopicCreation: false,
  });
  const handler = makeBatchHandler({ ...options, heartbeatMs: PULSE_MS, signal });
  const life = watchLife(consumer, handler);
  consumer.on(consumer.events.FETCH, () => {
    if (parts.obstacles.delete(`consume ${topic}`)) parts.log.info({ topic }, 'Kafka is there again');
  });
  const consume = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: true,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => handler.handle(payload),
    });
    await life.ended;
  };
  try {
    // To join a group may take as long as the slowest of its members: a stop does not wait for it.
    await unlessAborted(consume(), signal);
  } finally {
    life.end();
    if (signal.aborted) await handler.idle();
    await within(LEAVE_TIMEOUT_MS, consumer.disconnect());
  }
}

/** `ended` rejects when the consumer has crashed, gives no sign of life, or has a handler that never returns. */
function watchLife(consumer: KafkaJsConsumer, handler: BatchHandler): { ended: Promise<never>; end(): void } {
  const { HEARTBEAT, FETCH, GROUP_JOIN, CONNECT } = consumer.events;
  let seenAtMs = performance.now();
  for (const event of [HEARTBEAT, FETCH, GROUP_JOIN, CONNECT] as const) {
    consumer.on(event as typeof HEARTBEAT, () => {
      seenAtMs = performance.now();
    });
  }
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => reject(payload.error));
    timer = setInterval(() => {
      const callMs = handler.longestCallMs();
      if (callMs > CALL_MAX_MS) reject(new ConsumerDeadError('its handler does not return'));
      else if (callMs > 0) seenAtMs = performance.now();
      else if (performance.now() - seenAtMs > SILENCE_MAX_MS)
        reject(new ConsumerDeadError('it gives no sign of life'));
    }, LOOK_EVERY_MS);
  });
  // It may crash before anybody waits for it.
  ended.catch(() => {});
  return { ended, end: () => clearInterval(timer) };
}
