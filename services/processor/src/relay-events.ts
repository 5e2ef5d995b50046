import { randomUUID } from 'node:crypto';
import type { Bus } from '@passbook/bus';
import { encodeEvent, LEDGER_EVENTS, toCloudEvent } from '@passbook/contracts';
import { readInstallationId, type Database } from '@passbook/database';
import { giveUpEventRelay, makeEventReader, rememberRelayed, takeEventRelay } from '@passbook/ledger';
import { startPeriodic, type Logger } from '@passbook/runtime';

/*
 * The relay: events of the ledger → the topic `ledger.events`, one processor at a time.
 *
 * 1. Take or keep the lease, which says how far events are told.   Killed: another has it 6 s later.
 * 2. Read the next events, as far as none can come between them.   Killed: nothing happened.
 * 3. Publish them; those of one account stay in order.             Killed: they are published again, from where 1 says.
 * 4. Remember the last one.                                        Killed: the next ones are published from there.
 *
 * Events are looked for, not announced: NOTIFY would make the commits of the ledger wait for one another.
 */

const LOOK_EVERY_MS = 200;

/** Some 400 KiB: what is published again when a relay is killed. */
const EVENTS_PER_BATCH_MAX = 1_000;

/** A transaction of ours that writes events takes well under a second. */
const HELD_BACK_TOLD_MS = 10_000;

interface RelayParts {
  database: Database;
  bus: Bus;
  log: Logger;
  /** Told of each failed try. */
  onFailure: (err: unknown) => void;
}

/** Tells events to others from now on. */
export function startEventRelay({ database, bus, log, onFailure }: RelayParts): { stop(): Promise<void> } {
  const holder = randomUUID();
  const reader = makeEventReader(database);
  let isHeldBackTold = false;
  const tellHeldBack = (): void => {
    const heldBackMs = reader.heldBackMs();
    if (heldBackMs > HELD_BACK_TOLD_MS && !isHeldBackTold)
      log.warn(
        { seconds: Math.round(heldBackMs / 1000) },
        'events are not told: a transaction that has written some has not ended',
      );
    isHeldBackTold = heldBackMs > HELD_BACK_TOLD_MS;
  };
  let installationId: string | undefined;
  const relayAll = async (signal: AbortSignal): Promise<void> => {
    installationId ??= await readInstallationId(database);
    const source = installationId;
    while (!signal.aborted) {
      const relayedId = await takeEventRelay(database, holder);
      if (relayedId === null) return;
      const events = await reader.read(relayedId, EVENTS_PER_BATCH_MAX);
      tellHeldBack();
      if (events.length === 0) return;
      await bus.publish(
        LEDGER_EVENTS,
        events.map((event) => encodeEvent(toCloudEvent(event, source))),
      );
      await rememberRelayed(database, holder, events.at(-1)!.id);
      log.debug({ events: events.length }, 'events told');
    }
  };
  let isStopping = false;
  const relay = startPeriodic(relayAll, {
    everyMs: LOOK_EVERY_MS,
    // A bus that is stopped refuses what is on its way: it is published again by the next relay.
    onFailure: (err) => (isStopping ? undefined : onFailure(err)),
  });
  return {
    async stop() {
      isStopping = true;
      await relay.stop();
      // Without Postgres the lease ends by itself.
      await giveUpEventRelay(database, holder).catch(() => {});
    },
  };
}
