import {
  holdToInstallation,
  installationIdMigration,
  installationMigration,
  migrate,
  type Database,
} from '@passbook/database';
import { makeFeeds } from '@passbook/feeds';
import { importMigrations } from '@passbook/imports';
import { mailMigrations } from '@passbook/mail';
import { digestKey } from './account-number-key.js';

/** Brings the schema up to date, whichever service comes first. */
export async function migrateDatabase(database: Database): Promise<void> {
  const feeds = makeFeeds({ accountNumberKey: null });
  await migrate(database, [
    installationMigration,
    installationIdMigration,
    ...importMigrations,
    ...mailMigrations,
    ...feeds.flatMap((feed) => feed.migrations),
  ]);
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
