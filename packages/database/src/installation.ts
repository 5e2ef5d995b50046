import { UserError } from '@passbook/runtime';
import type { Database, Queryable } from './database.js';
import type { Migration } from './migrate.js';

export const installationMigration: Migration = {
  name: '0000-installation',
  sql: `
    -- What holds for all data of this database and so must never change under it.
    create table installation (
      name text primary key,
      value text not null
    );
  `,
};

export const installationIdMigration: Migration = {
  name: '0007-installation-id',
  sql: `
    -- Tells this installation from others, for those who hear of several.
    insert into installation (name, value) values ('ID', gen_random_uuid()::text);
  `,
};

/** The UUID of this installation. */
export async function readInstallationId(database: Queryable): Promise<string> {
  const { rows } = await database.query<{ value: string }>(
    `select value from installation where name = 'ID'`,
  );
  if (!rows[0]) throw new Error('The database has no id: its schema is not up to date.');
  return rows[0].value;
}

/**
 * Remembers at the first start what all data depends on (the time zone; a digest of the key for account numbers), and
 * refuses another value later: months would move, and accounts would be taken for new ones.
 * @throws UserError (exit code 2)
 */
export async function holdToInstallation(database: Database, name: string, value: string): Promise<void> {
  await database.query('insert into installation (name, value) values ($1, $2) on conflict do nothing', [
    name,
    value,
  ]);
  const { rows } = await database.query<{ value: string }>('select value from installation where name = $1', [
    name,
  ]);
  const kept = rows[0]?.value;
  if (kept === value) return;
  const shown =
    name === 'TIME_ZONE' ? ` (${kept}; now it is ${value})` : ' (it is given, or kept in PASSBOOK_DIR)';
  throw new UserError(
    `${name} is not the one that this database was begun with${shown}. Give the former value back, or use another database.`,
    { exitCode: 2 },
  );
}
