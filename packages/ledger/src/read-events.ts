import type { LedgerEvent } from '@passbook/contracts';
import type { Queryable } from '@passbook/database';
import { waitFor } from '@passbook/runtime';
import { readSettledEvents } from './read-settled-events.js';

/*
 * Events are read in the order of their ids, and an id is given before its transaction commits: 5 may come to light after
 * 6. Who has read 6 then would never ask for 5. So ids are read only as far as they are settled: every event up to there
 * is to be seen, or will never be.
 *
 * 1. Ask how far ids are given.
 * 2. Ask who is at work on the table: an insert locks it, before it takes an id, until its transaction ends. Whoever has
 *    an id of 1 and has not ended is among them.
 * 3. When all of those have ended, ids are settled as far as 1 said. Who came later has later ids.
 *
 * Only transactions that write events are waited for, not any that runs for long beside them (an import, a dump). Nothing
 * of this is stored, so a copy of the database in another server goes on as well.
 */

export interface EventReader {
  /** The events after an id, in the order of ids: no smaller one will come to light later. @param limit the most of them */
  read(after: bigint, limit: number): Promise<LedgerEvent[]>;
  /** For how long a transaction that has not ended has held events back, in milliseconds; 0: none does. */
  heldBackMs(): number;
}

/** What is committed while a reader looks is mostly settled so soon. */
const SETTLING_MS = 500;
const SETTLING_PAUSE_MS = 10;

export function makeEventReader(database: Queryable): EventReader {
  let settledId = 0n;
  /** Ids that are settled when these have ended: a transaction each, as Postgres names them. */
  let settling: { upToId: bigint; writers: string[]; sinceMs: number } | null = null;
  let looking: Promise<void> | null = null;

  const look = async (): Promise<void> => {
    if (settling === null) {
      const upToId = await readLastId(database);
      // Ids went back: another copy of the database has taken the place of this one.
      if (upToId < settledId) settledId = 0n;
      if (upToId === settledId) return;
      settling = { upToId, writers: await listWriters(database, null), sinceMs: performance.now() };
    } else {
      settling = { ...settling, writers: await listWriters(database, settling.writers) };
    }
    if (settling.writers.length > 0) return;
    settledId = settling.upToId;
    settling = null;
  };
  const lookOnce = (): Promise<void> => (looking ??= look().finally(() => (looking = null)));

  return {
    async read(after, limit) {
      const end = performance.now() + SETTLING_MS;
      await lookOnce();
      while (settledId <= after && settling !== null && performance.now() < end) {
        await waitFor(SETTLING_PAUSE_MS);
        await lookOnce();
      }
      if (settledId <= after) return [];
      return readSettledEvents(database, after, settledId, limit);
    },
    heldBackMs: () => (settling === null ? 0 : performance.now() - settling.sinceMs),
  };
}

async function readLastId(database: Queryable): Promise<bigint> {
  const { rows } = await database.query<{ id: bigint }>(
    'select case when is_called then last_value else 0 end as id from events_id_seq',
  );
  return rows[0]!.id;
}

/** The transactions that write events and have not ended. @param among those of interest; null: all */
async function listWriters(database: Queryable, among: readonly string[] | null): Promise<string[]> {
  const { rows } = await database.query<{ writer: string }>(
    `select distinct virtualtransaction as writer from pg_locks
     where locktype = 'relation' and relation = 'events'::regclass and mode = 'RowExclusiveLock'
       and database = (select oid from pg_database where datname = current_database())
       and ($1::text[] is null or virtualtransaction = any($1))`,
    [among],
  );
  return rows.map(({ writer }) => writer);
}
