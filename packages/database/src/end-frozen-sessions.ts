import type { Queryable } from './database.js';

/** A COPY of ours takes a second; one that has waited so long for its client will wait until that wakes up. */
const FROZEN_SECONDS = 30;

/**
 * Ends sessions of ours whose process froze in the middle of a statement (a COPY that waits for its next bytes) while it
 * holds locks that another one of ours waits for. No timeout of Postgres ends those: a server that reads from a client
 * listens to nothing but a call to terminate. To the one that wakes up it is bad weather.
 * @returns how many were ended
 */
export async function endFrozenSessions(
  database: Queryable,
  frozenSeconds = FROZEN_SECONDS,
): Promise<number> {
  const { rows } = await database.query<{ ended: boolean }>(
    `select pg_terminate_backend(frozen.pid) as ended from pg_stat_activity frozen
     where datname = current_database() and usename = current_user and application_name like 'passbook%'
       and state = 'active' and wait_event_type = 'Client' and query_start < clock_timestamp() - make_interval(secs => $1)
       and pid in (select unnest(pg_blocking_pids(held.pid)) from pg_stat_activity held
                   where held.datname = current_database() and held.wait_event_type = 'Lock')`,
    [frozenSeconds],
  );
  return rows.filter((row) => row.ended).length;
}
