import type { Migration, Queryable } from '@passbook/database';

/*
 * How far the relay has come that tells events to others, and who it is. A lease: a relay that is killed or frozen is
 * followed by another. Two at work at once do no harm, each sends every event from where it began, in order; so what is
 * sent twice was sent before.
 */

export const eventRelayMigration: Migration = {
  name: '0007-event-relay',
  sql: `
    create table event_relay (
      is_only boolean primary key default true,
      -- Every event up to this one was taken by the bus. Null: there was never anyone to tell.
      relayed_id bigint,
      holder uuid,
      held_until timestamptz,
      constraint there_is_one_relay check (is_only)
    );
    insert into event_relay default values;
  `,
};

/** So long events wait when a relay is killed. One that was only slow does no harm. */
const LEASE_SECONDS = 6;

/** The lease is renewed when so much of it is gone, not with every look. */
const RENEWED_AFTER_SECONDS = 2;

/**
 * Takes or keeps the lease. From the first time on, events are told from the first one that the ledger holds.
 * @param holder a UUID of this relay
 * @returns the last event that is told; null when another has the lease
 */
export async function takeEventRelay(database: Queryable, holder: string): Promise<bigint | null> {
  const { rows } = await database.query<{ relayedId: bigint | null; isToBeTaken: boolean; isHeld: boolean }>(
    `select relayed_id as "relayedId", coalesce(holder = $1 and held_until > clock_timestamp(), false) as "isHeld",
       coalesce(held_until < clock_timestamp() + case when holder = $1 then make_interval(secs => $2) else '0' end, true)
         as "isToBeTaken"
     from event_relay`,
    [holder, LEASE_SECONDS - RENEWED_AFTER_SECONDS],
  );
  const [relay] = rows;
  if (!relay!.isToBeTaken) return relay!.isHeld ? relay!.relayedId : null;
  const taken = await database.query<{ relayedId: bigint }>(
    `update event_relay
     set holder = $1, held_until = clock_timestamp() + make_interval(secs => $2), relayed_id = coalesce(relayed_id, 0)
     where held_until is null or held_until < clock_timestamp() or holder = $1
     returning relayed_id as "relayedId"`,
    [holder, LEASE_SECONDS],
  );
  return taken.rows[0]?.relayedId ?? null;
}

/** Remembers how far events are told, unless another has the lease by now: that one tells them once more. */
export async function rememberRelayed(database: Queryable, holder: string, relayedId: bigint): Promise<void> {
  await database.query('update event_relay set relayed_id = $2 where holder = $1 and relayed_id < $2', [
    holder,
    relayedId,
  ]);
}

/** Lets another relay begin at once. */
export async function giveUpEventRelay(database: Queryable, holder: string): Promise<void> {
  await database.query('update event_relay set holder = null, held_until = null where holder = $1', [holder]);
}

export interface EventRelayLag {
  /** Events that are not told yet; counted up to 100,000. */
  events: number;
  /** The age of the oldest of them. */
  seconds: number;
}

const COUNTED_MAX = 100_000;

/** How far the relay is behind; null when there was never anyone to tell. */
export async function readEventRelayLag(database: Queryable): Promise<EventRelayLag | null> {
  const { rows } = await database.query<{ events: bigint; seconds: number }>(
    `select count(waiting.id) as events,
       coalesce(extract(epoch from clock_timestamp() - min(waiting.created_at)), 0)::float8 as seconds
     from event_relay r
     left join lateral (select id, created_at from events where id > r.relayed_id order by id limit $1) waiting on true
     where r.relayed_id is not null
     group by r.is_only`,
    [COUNTED_MAX],
  );
  const row = rows[0];
  return row ? { events: Number(row.events), seconds: row.seconds } : null;
}
