import { UserError } from '@passbook/runtime';
import type { Database } from './database.js';
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
