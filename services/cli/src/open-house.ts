import { join } from 'node:path';
import { makeInProcessBus } from '@passbook/bus';
import { startChunker, type Chunker, type ChunkerParts } from '@passbook/chunker';
import {
  EmbeddedPostgresError,
  holdToInstallation,
  installationMigration,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
  type Database,
} from '@passbook/database';
import { makeFeeds, type Feed } from '@passbook/feeds';
import { importMigrations } from '@passbook/imports';
import { startProcessor } from '@passbook/processor';
import { startReporter } from '@passbook/reporter';
import { UserError, type Logger } from '@passbook/runtime';
import { digestKey, obtainAccountNumberKey } from './account-number-key.js';
import type { Config } from './config.js';

/** The database, up to date, with the feeds that fit it. */
export interface Store {
  database: Database;
  feeds: readonly Feed[];
  /** Lets go of the database; the embedded one stops with its last user. */
  close(): Promise<void>;
}

/** Connections of one process: two loads, two reads, the sweeps, the page. */
const CONNECTIONS_MAX = 12;

/** Opens the database of DATABASE_URL, or the embedded one. @throws UserError */
export async function openStore(
  config: Config,
  log: Logger,
  notify: (sentence: string) => void,
): Promise<Store> {
  const embedded = config.DATABASE_URL === undefined ? await startEmbedded(config, notify) : null;
  const url = config.DATABASE_URL ?? embedded!.url;
  const database = openDatabase({ url, applicationName: 'passbook', connectionsMax: CONNECTIONS_MAX });
  const close = async (): Promise<void> => {
    await database.close();
    await embedded?.stop();
  };
  try {
    await expectConnection(database);
    const key = await obtainAccountNumberKey(config.ACCOUNT_NUMBER_KEY, config.PASSBOOK_DIR);
    const feeds = makeFeeds({ accountNumberKey: key });
    await migrate(database, [
      installationMigration,
      ...importMigrations,
      ...feeds.flatMap((feed) => feed.migrations),
    ]);
    await holdToInstallation(database, 'TIME_ZONE', config.TIME_ZONE);
    await holdToInstallation(database, 'ACCOUNT_NUMBER_KEY', digestKey(key));
    log.debug({ embedded: embedded !== null }, 'database ready');
    return { database, feeds, close };
  } catch (err) {
    await close();
    throw err;
  }
}

async function startEmbedded(
  config: Config,
  notify: (sentence: string) => void,
): ReturnType<typeof startEmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ directory: config.PASSBOOK_DIR, notify });
  } catch (err) {
    if (err instanceof EmbeddedPostgresError) throw new UserError((err as Error).message, { cause: err });
    throw err;
  }
}

async function expectConnection(database: Database): Promise<void> {
  try {
    await database.query('select 1');
  } catch (err) {
    // The address holds a password: it is not shown.
    const reason = (err as Error).message || String((err as NodeJS.ErrnoException).code);
    throw new UserError(`The database of DATABASE_URL cannot be reached: ${reason}.`, { cause: err });
  }
}

/** All services in this process, on the in-process bus. */
export interface House extends Store {
  chunker: Chunker;
}

/** @throws UserError */
export async function openHouse(parts: {
  config: Config;
  log: Logger;
  notify: (sentence: string) => void;
  onProgress: ChunkerParts['onProgress'];
  onFailure: (err: unknown) => void;
}): Promise<House> {
  const { config, log, onFailure } = parts;
  const store = await openStore(config, log, parts.notify);
  const { database, feeds } = store;
  const bus = makeInProcessBus();
  const services: { stop(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all([...services.map((service) => service.stop()), bus.stop()]);
    await store.close();
  };
  try {
    const chunker = await startChunker({
      database,
      bus,
      feeds,
      folders: {
        imports: config.IMPORTS_DIR,
        processed: config.PROCESSED_DIR,
        quarantine: config.QUARANTINE_DIR,
      },
      timeZone: config.TIME_ZONE,
      currency: config.CURRENCY,
      locale: config.LOCALE,
      fileStableMs: config.FILE_STABLE_MS,
      log: log.child({ service: 'chunker' }),
      onProgress: parts.onProgress,
      onFailure,
    });
    services.push(chunker);
    services.push(
      await startProcessor({ database, bus, feeds, log: log.child({ service: 'processor' }), onFailure }),
    );
    const reportsFolder = config.REPORTS_DIR;
    services.push(
      await startReporter({
        database,
        bus,
        feeds,
        reportsFolder,
        log: log.child({ service: 'reporter' }),
        onFailure,
      }),
    );
    return { ...store, chunker, close };
  } catch (err) {
    await close();
    throw err;
  }
}

/** Where the embedded database of a configuration would lie. */
export function embeddedFolder(config: Config): string {
  return join(config.PASSBOOK_DIR, 'postgres');
}
