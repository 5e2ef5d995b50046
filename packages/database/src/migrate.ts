import knex from 'knex';
import type { Database, Queryable } from './database.js';

/** A step of the schema. Its name never changes once it has run anywhere; its SQL explains its columns. */
export interface Migration {
  /** Sorts in the order of running, such as `0001-imports`. */
  name: string;
  sql: string;
}

/** Any number; all of our processes take the lock of this number before they look at the schema. */
const MIGRATION_LOCK = 7_011_980;

/**
 * Brings the schema up to date. Any number of processes may call this at once: one works, the others wait.
 * knex's own lock throws at the second process and stays after a kill -9; ours ends with the session, so that
 * whoever holds it may clear what knex's lock left behind.
 * @param prepare what is to be done after the migrations, under the same lock
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  prepare: (connection: Queryable) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await database.withConnection(async (connection) => {
    await connection.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrator = knex({
      client: 'pg',
      connection: database.url,
      pool: { min: 0, max: 1 },
      // It throws what went wrong, too: once is enough.
      log: { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} },
      migrations: { tableName: 'migrations', migrationSource: sourceOf(migrations) },
    });
    try {
      await migrator.migrate.forceFreeMigrationsLock();
      await migrator.migrate.latest();
      await prepare(connection);
    } finally {
      await migrator.destroy();
      await connection.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  });
}

function sourceOf(migrations: readonly Migration[]): knex.Knex.MigrationSource<Migration> {
  return {
    getMigrations: () => Promise.resolve([...migrations].sort((a, b) => (a.name < b.name ? -1 : 1))),
    getMigrationName: (migration) => migration.name,
    getMigration: (migration) =>
      Promise.resolve({
        up: (schema) => schema.raw(migration.sql),
        down: () => Promise.reject(new Error('The schema only goes forward.')),
      }),
  };
}
