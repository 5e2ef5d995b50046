import type { ReceivedMessage } from '@passbook/contracts';
import { retryDelayMs, waitFor } from '@passbook/runtime';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ConsumeOptions } from './bus.js';

/*
 * What a fetch brought of one partition, handed on in batches. An offset is resolved when its batch was handled, and
 * committed after the last. While a handler works or waits for better weather, heartbeats keep the partition ours; if
 * they fail (the group is shared anew) the present batch is finished, and the rest is left to whoever has the partition
 * then.
 */

interface Parts extends ConsumeOptions {
  /** How often a heartbeat is tried; kafkajs sends one when it is due. */
  heartbeatMs: number;
  /** Aborts when the consumer is stopped: what is in work is then not acknowledged. */
  signal: AbortSignal;
}

export interface BatchHandler {
  handle(payload: EachBatchPayload): Promise<void>;
  /** For how long the longest of the present calls of the handler has been going on; 0 when there is none. */
  longestCallMs(): number;
  /** Resolves when no handler runs. */
  idle(): Promise<void>;
}

export function makeBatchHandler(options: Parts): BatchHandler {
  const atWork = new Set<Promise<void>>();
  const calls = new Set<{ sinceMs: number }>();
  const parts: Parts = {
    ...options,
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
  for (let at = 0; at < batch.messages.length; at += parts.batchMessagesMax) {
    if (parts.signal.aborted || !payload.isRunning() || payload.isStale()) return;
    const messages = batch.messages
      .slice(at, at + parts.batchMessagesMax)
      .map((message) => receive(batch, message));
    const isHandled = await handleUntilDone(parts, payload, messages);
    if (!isHandled) return;
    payload.resolveOffset(messages.at(-1)!.offset);
    await payload.heartbeat();
  }
}

/**
 * @returns false when the consumer was stopped before it succeeded
 * @throws the error of a heartbeat: the partition may be another's by now
 */
async function handleUntilDone(
  parts: Parts,
  payload: EachBatchPayload,
  messages: readonly ReceivedMessage[],
): Promise<boolean> {
  const { signal } = parts;
  const pulse = keepPulse(() => payload.heartbeat(), parts.heartbeatMs);
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await parts.handle(messages, signal);
        return true;
      } catch (err) {
        if (signal.aborted) return false;
        parts.onFailure(err);
      }
      await waitFor(retryDelayMs(attempt), signal);
      if (signal.aborted || !payload.isRunning()) return false;
      pulse.expectAlive();
    }
  } finally {
    pulse.end();
  }
}

function keepPulse(
  heartbeat: () => Promise<void>,
  everyMs: number,
): {
  /** @throws the error of the last heartbeat, if it failed */
  expectAlive(): void;
  end(): void;
} {
  let failure: Error | undefined;
  const timer = setInterval(() => {
    heartbeat().then(
      () => (failure = undefined),
      (err: Error) => (failure = err),
    );
  }, everyMs);
  return {
    expectAlive() {
      if (failure !== undefined) throw failure;
    },
    end: () => clearInterval(timer),
  };
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
