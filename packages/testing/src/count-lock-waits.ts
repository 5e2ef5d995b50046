import type { Queryable } from '@passbook/database';

/** How many sessions of this database wait for a lock. @param like of those alone whose query is like this, as SQL has it */
export async function countLockWaits(database: Queryable, like = '%'): Promise<number> {
  const { rows } = await database.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
    [like],
  );
  return rows.length;
}
