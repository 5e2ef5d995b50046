import type { Message, ReceivedMessage } from '@passbook/contracts';

/**
 * The way from one service to another. Its contract, held by one test for all adapters:
 *
 * - `publish` resolves when the bus has every message, and rejects when it may not have all of them. Until then the
 *   sender keeps what it sends. It also waits while the bus is full: that is the back-pressure.
 * - Messages are delivered at least once, those with one key in the order in which they were published. They may come
 *   twice, late, or after messages of other keys: whoever consumes them must not mind.
 * - A handler gets a batch of one partition. The batch is done when its promise resolves; when it rejects, its messages
 *   come again, after a pause, before any later message of that partition. Other partitions go on meanwhile.
 * - What is published and not handled yet takes a bounded part of this process's memory.
 * - The in-process bus forgets what it holds when the process ends. What was not handled then is made again from the
 *   private copy of the file, as for a broker that loses messages.
 */
export interface Bus {
  /** Whether messages outlive the process that sent them. */
  readonly isDurable: boolean;
  publish(topic: string, messages: readonly Message[]): Promise<void>;
  consume(topic: string, options: ConsumeOptions): Promise<Consumer>;
  /** Whether a group has handled all that the bus holds of a topic. Then what is still missing will not come. */
  isAcknowledged(topic: string, group: string): Promise<boolean>;
  /** What keeps the bus from its work at present, in words; null when nothing does. */
  findObstacle(): string | null;
  /** Stops all consumers and lets go of every connection. May be called twice. */
  stop(): Promise<void>;
}

export interface ConsumeOptions {
  /** Consumers of one group share the partitions of its one topic; each group gets every message. */
  group: string;
  /** The most messages that one call of the handler gets. */
  batchMessagesMax: number;
  handle: (batch: readonly ReceivedMessage[], signal: AbortSignal) => Promise<void>;
  /** Told of each failed call, before the same batch is tried again; and, with a ConsumerDeadError, that no batch will come any more. */
  onFailure: (err: unknown) => void;
}

/** A consumer that ended while its process lives: the process must end as well, so that another can begin. */
export class ConsumerDeadError extends Error {
  override readonly name = 'ConsumerDeadError';
}

export interface Consumer {
  /** Resolves when no handler runs any more; what was not handled stays on the bus. May be called twice. */
  stop(): Promise<void>;
}
