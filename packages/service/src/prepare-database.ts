import {
  holdToInstallation,
  installationIdMigration,
  installationMigration,
  migrate,
  type Database,
} from '@passbook/database';
import { feedMigrations, prepareDeclaredTables, type FeedDefinition } from '@passbook/feeds';
import { importMigrations } from '@passbook/imports';
import { mailMigrations } from '@passbook/mail';
import { digestKey } from './account-number-key.js';

/**
 * Brings the schema up to date, whichever service comes first.
 * @throws UserError when a definition changes what the rows of its feed are
 */
export async function migrateDatabase(
  database: Database,
  definitions: readonly FeedDefinition[] = [],
): Promise<void> {
  await migrate(
    database,
    [
      installationMigration,
      installationIdMigration,
      ...importMigrations,
      ...mailMigrations,
      ...feedMigrations,
    ],
    (connection) => prepareDeclaredTables(connection, definitions),
  );
}

/**
 * Holds who reads files to the zone and the key that the database was begun with.
 * @throws UserError when they are others
 */
export async function holdToReading(
  database: Database,
  reading: { timeZone: string; accountNumberKey: string },
): Promise<void> {
  await holdToInstallation(database, 'TIME_ZONE', reading.timeZone);
  await holdToInstallation(database, 'ACCOUNT_NUMBER_KEY', digestKey(reading.accountNumberKey));
}
