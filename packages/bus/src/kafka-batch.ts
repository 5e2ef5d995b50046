import type { ReceivedMessage } from '@passbook/contracts';
import { retryDelayMs, waitFor } from '@passbook/runtime';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ConsumeOptions } from './bus.js';

/*
 * What a fetch brought of one partition, handed on in batches. An offset is resolved when its batch was handled, and
 * committed after the last. While a handler works, heartbeats keep the partition ours; if they fail (the group is shared
 * anew) the present batch is finished, and the rest is left to whoever has the partition then.
 *
 * kafkajs asks a broker for more when all is handed on that it has brought. So nothing waits here for better weather: a
 * partition whose handler failed is paused, and given back. After the pause it is fetched again from its first offset that
 * is not resolved, by whoever has it then. The pause ends by its time alone: kafkajs remembers it also of a partition that
 * was lost meanwhile and comes back.
 */

interface Parts extends ConsumeOptions {
  /** How often a heartbeat is tried; kafkajs sends one when it is due. */
  heartbeatMs: number;
  /** Aborts when the consumer is stopped: what is in work is then not acknowledged. */
  signal: AbortSignal;
  /** How often each partition has failed since it was last handled. */
  failures: Map<number, number>;
}

export interface BatchHandler {
  handle(payload: EachBatchPayload): Promise<void>;
  /** For how long the longest of the present calls of the handler has been going on; 0 when there is none. */
  longestCallMs(): number;
  /** Resolves when no handler runs. */
  idle(): Promise<void>;
}

export function makeBatchHandler(options: Omit<Parts, 'failures'>): BatchHandler {
  const atWork = new Set<Promise<void>>();
  const calls = new Set<{ sinceMs: number }>();
  const parts: Parts = {
    ...options,
    failures: new Map(),
    async handle(messages, signal) {
      const call = { sinceMs: performance.now() };
      calls.add(call);
      try {
        await options.handle(messages, signal);
      } finally {
        calls.delete(call);
      }
    },
  };
  return {
    async handle(payload) {
      const work = handleFetched(parts, payload);
      atWork.add(work);
      try {
        await work;
      } finally {
        atWork.delete(work);
      }
    },
    longestCallMs: () => Math.max(0, ...[...calls].map(({ sinceMs }) => performance.now() - sinceMs)),
    idle: async () => void (await Promise.allSettled(atWork)),
  };
}

async function handleFetched(parts: Parts, payload: EachBatchPayload): Promise<void> {
  const { batch } = payload;
  const { signal, failures } = parts;
  for (let at = 0; at < batch.messages.length; at += parts.batchMessagesMax) {
    if (signal.aborted || !payload.isRunning() || payload.isStale()) return;
    const messages = batch.messages
      .slice(at, at + parts.batchMessagesMax)
      .map((message) => receive(batch, message));
    try {
      await withPulse(payload, parts.heartbeatMs, () => parts.handle(messages, signal));
    } catch (err) {
      if (signal.aborted) return;
      parts.onFailure(err);
      const attempt = failures.get(batch.partition) ?? 0;
      failures.set(batch.partition, attempt + 1);
      const resume = payload.pause();
      // Who stops fetches nothing of it any more.
      void waitFor(retryDelayMs(attempt), signal).then(() => signal.aborted || resume());
      return;
    }
    failures.delete(batch.partition);
    payload.resolveOffset(messages.at(-1)!.offset);
    await payload.heartbeat();
  }
}

/** Keeps the partition ours while the work goes on. Whether it still is, is asked after it. */
async function withPulse(
  payload: EachBatchPayload,
  everyMs: number,
  work: () => Promise<void>,
): Promise<void> {
  const timer = setInterval(() => void payload.heartbeat().catch(() => {}), everyMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** Whatever others may have put there: a message without key, value or headers has empty ones. */
function receive(batch: { topic: string; partition: number }, message: KafkaMessage): ReceivedMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.map(String).join() : String(value);
  }
  return {
    topic: batch.topic,
    partition: batch.partition,
    offset: message.offset,
    key: message.key?.toString() ?? '',
    headers,
    value: message.value ?? Buffer.alloc(0),
  };
}
