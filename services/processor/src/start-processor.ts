import type { Bus, Consumer } from '@passbook/bus';
import {
  encodeReportsDue,
  IMPORTS_CHUNKED,
  PROCESSOR_GROUP,
  REPORTS_DUE,
  type ReceivedMessage,
} from '@passbook/contracts';
import { endFrozenSessions, type Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import { startPeriodic, type Logger } from '@passbook/runtime';
import { handleMessages } from './handle-messages.js';
import { startEventRelay } from './relay-events.js';

/*
 * The processor: chunks → Postgres.
 *
 * 1. A batch of messages of one partition arrives.            Killed: the bus gives it again.
 * 2. Messages that no import waits for become dead letters.    Killed: those already there are buried once more.
 * 3. Accounts are opened, and committed.                       Killed: an account without rows does no harm.
 * 4. Transactions of bounded size: claim the chunks, post their rows, count them, and complete the import with the last
 *    one. Killed before the commit: nothing happened. After: the chunks are known, the next delivery skips them.
 * 5. The reporter is woken.                                    Killed: its own sweep finds the reports.
 * 6. The batch is acknowledged, last.
 *
 * Beside that, one of the processors tells events to others (relay-events.ts).
 */

/** Messages of one delivery; split further into transactions by their rows. */
const MESSAGES_PER_BATCH_MAX = 1_000;

/** How often it is looked whether a frozen processor holds up the others. */
const LOOK_FOR_FROZEN_EVERY_MS = 10_000;

/** How often it is looked for rows of versions that nobody can go back to. */
const REMOVE_OLD_EVERY_MS = 10_000;

export interface Processor {
  stop(): Promise<void>;
}

export async function startProcessor(parts: {
  database: Database;
  bus: Bus;
  feeds: readonly Feed[];
  log: Logger;
  /** Told of each failed try: bad weather is tried again without end, anything else should end the process. */
  onFailure: (err: unknown) => void;
}): Promise<Processor> {
  const { database, bus, log } = parts;
  const feeds = new Map(parts.feeds.map((feed) => [feed.name, feed]));
  const handle = async (batch: readonly ReceivedMessage[], signal: AbortSignal): Promise<void> => {
    const completed = await handleMessages({ database, feeds, log, signal }, batch);
    log.debug({ partition: batch[0]?.partition, messages: batch.length }, 'chunks loaded');
    for (const importNo of completed) await bus.publish(REPORTS_DUE, [encodeReportsDue(importNo)]);
  };
  const consumer: Consumer = await bus.consume(IMPORTS_CHUNKED, {
    group: PROCESSOR_GROUP,
    batchMessagesMax: MESSAGES_PER_BATCH_MAX,
    handle,
    onFailure: parts.onFailure,
  });
  const unblock = startPeriodic(
    async () => {
      const sessions = await endFrozenSessions(database);
      if (sessions > 0) log.warn({ sessions }, 'sessions of a frozen process held up others and were ended');
    },
    { everyMs: LOOK_FOR_FROZEN_EVERY_MS, onFailure: parts.onFailure },
  );
  const removal = startPeriodic(
    async () => {
      for (const { name, versions } of parts.feeds) {
        const rows = (await versions?.removeOld(database)) ?? 0;
        if (rows > 0) log.info({ feed: name, rows }, 'rows of old versions deleted');
      }
    },
    { everyMs: REMOVE_OLD_EVERY_MS, onFailure: parts.onFailure },
  );
  // On the in-process bus nobody else could hear them: they are read over HTTP.
  const relay = bus.isDurable ? startEventRelay({ database, bus, log, onFailure: parts.onFailure }) : null;
  return {
    stop: async () =>
      void (await Promise.all([consumer.stop(), unblock.stop(), removal.stop(), relay?.stop()])),
  };
}
