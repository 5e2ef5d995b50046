import { aborted, retryDelayMs, waitFor, type Logger } from '@passbook/runtime';
import type { Consumer as KafkaJsConsumer, ConsumerCrashEvent, Kafka } from 'kafkajs';
import { ConsumerDeadError, type ConsumeOptions, type Consumer } from './bus.js';
import { explainKafkaError, isKafkaWeather } from './kafka-client.js';
import { makeBatchHandler } from './kafka-batch.js';

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

/** How long the members have to join again when one comes or goes. */
const REBALANCE_TIMEOUT_MS = 60_000;

/** A fetch waits so long for the first message; a stop waits for the fetch. */
const FETCH_WAIT_MS = 1_000;

/** The most that a fetch brings: bounds what is held in memory. */
const FETCH_BYTES_MAX = 8 * 1024 * 1024;
const FETCH_BYTES_PER_PARTITION_MAX = 1024 * 1024;

/** Without heartbeat, fetch, handler or try to connect for so long, a consumer hangs. */
const SILENCE_MAX_MS = 5 * 60_000;

/** A broker that is away must not hold up a stop for longer: then the session times out instead of being left. */
const LEAVE_TIMEOUT_MS = 5_000;

/** A consumer that lived for so long was healthy: the pauses between tries begin anew. */
const HEALTHY_MS = 60_000;

interface Parts {
  kafka: Kafka;
  topic: string;
  groupId: string;
  log: Logger;
}

export function startKafkaConsumer(parts: Parts, options: ConsumeOptions): Consumer {
  const stopping = new AbortController();
  const running = keepConsuming(parts, options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function keepConsuming(parts: Parts, options: ConsumeOptions, signal: AbortSignal): Promise<void> {
  const { topic, groupId, log } = parts;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const startedAtMs = performance.now();
    try {
      await consumeUntilEnd(parts, options, signal);
    } catch (err) {
      if (signal.aborted) return;
      if (err instanceof ConsumerDeadError || !isKafkaWeather(err)) {
        const reason = explainKafkaError(err);
        options.onFailure(
          new ConsumerDeadError(`The consumer of ${topic} has ended: ${reason}`, { cause: err }),
        );
        return;
      }
      if (performance.now() - startedAtMs > HEALTHY_MS) attempt = 0;
      log.warn(
        { topic, groupId, reason: explainKafkaError(err) },
        'Kafka is away; the consumer is started again',
      );
      await waitFor(retryDelayMs(attempt), signal);
    }
  }
}

/** @throws what ended the consumer, but for the signal */
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
  const life = watchLife(consumer);
  const handler = makeBatchHandler({ ...options, heartbeatMs: HEARTBEAT_MS, signal });
  try {
    const crashed = new Promise<never>((_resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => reject(payload.error));
    });
    // Nobody may be listening yet when it crashes at the start.
    crashed.catch(() => {});
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: true,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => handler.handle(payload),
    });
    await Promise.race([crashed, life.silent(() => handler.isAtWork()), aborted(signal)]);
  } finally {
    life.end();
    await handler.idle();
    await leaveGroup(consumer);
  }
}

/** Not longer than LEAVE_TIMEOUT_MS; what fails then is of no interest any more. */
async function leaveGroup(consumer: KafkaJsConsumer): Promise<void> {
  const left = new AbortController();
  const leaving = consumer.disconnect().then(
    () => left.abort(),
    () => left.abort(),
  );
  await Promise.race([leaving, waitFor(LEAVE_TIMEOUT_MS, left.signal)]);
}

/** Rejects when a consumer gives no sign of life although no handler is at work. */
function watchLife(consumer: KafkaJsConsumer): {
  silent(isAtWork: () => boolean): Promise<never>;
  end(): void;
} {
  let seenAtMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const { HEARTBEAT, FETCH, GROUP_JOIN, CONNECT } = consumer.events;
  for (const event of [HEARTBEAT, FETCH, GROUP_JOIN, CONNECT] as const) {
    consumer.on(event as typeof HEARTBEAT, () => {
      seenAtMs = performance.now();
    });
  }
  return {
    silent: (isAtWork) =>
      new Promise((_resolve, reject) => {
        timer = setInterval(() => {
          if (isAtWork()) seenAtMs = performance.now();
          else if (performance.now() - seenAtMs > SILENCE_MAX_MS)
            reject(new ConsumerDeadError('it gives no sign of life'));
        }, SILENCE_MAX_MS / 10);
      }),
    end: () => clearInterval(timer),
  };
}
