import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeInProcessBus, type Bus } from '@passbook/bus';
import { chunkerPartsOf, startChunker, type Chunker, type ChunkerParts } from '@passbook/chunker';
import {
  EmbeddedPostgresError,
  explainPostgresError,
  openDatabase,
  startEmbeddedPostgres,
  type Database,
} from '@passbook/database';
import { makeFeeds, readDefinitions, type Feed, type FeedDefinition } from '@passbook/feeds';
import { startProcessor } from '@passbook/processor';
import { mailWayOf, startReporter, type Reporter } from '@passbook/reporter';
import { UserError, type Logger } from '@passbook/runtime';
import {
  holdToReading,
  migrateDatabase,
  obtainAccountNumberKey,
  openKafkaBus,
  tellReturn,
} from '@passbook/service';
import type { Config } from './config.js';

/** The database, its schema up to date. */
export interface Store {
  database: Database;
  /** The feeds that are declared here. */
  definitions: readonly FeedDefinition[];
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
  const definitions = await readDefinitions(config.FEED_DEFINITIONS_DIR);
  const embedded = config.DATABASE_URL === undefined ? await startEmbedded(config, notify) : null;
  const url = config.DATABASE_URL ?? embedded!.url;
  const database = openDatabase({ url, applicationName: 'passbook', connectionsMax: CONNECTIONS_MAX });
  const close = async (): Promise<void> => {
    await database.close();
    await embedded?.stop();
  };
  try {
    await expectConnection(database);
    await migrateDatabase(database, definitions);
    log.debug({ embedded: embedded !== null }, 'database ready');
    return { database, definitions, close };
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
    throw new UserError(`The database of DATABASE_URL cannot be reached: ${explainPostgresError(err)}.`, {
      cause: err,
    });
  }
}

/** All services in this process, on the in-process bus unless KAFKA_BROKERS is given. */
export interface House extends Store {
  feeds: readonly Feed[];
  chunker: Chunker;
  reporter: Reporter;
}

/** @throws UserError */
export async function openHouse(parts: {
  config: Config;
  log: Logger;
  notify: (sentence: string) => void;
  onProgress: ChunkerParts['onProgress'];
  onFailure: (err: unknown) => void;
  /** Aborts when it is not to wait for Kafka any longer. */
  signal: AbortSignal;
}): Promise<House> {
  const { config, log, onFailure } = parts;
  const store = await openStore(config, log, parts.notify);
  const { definitions } = store;
  const database = tellReturn(store.database, log);
  const services: { stop(): Promise<void> }[] = [];
  let bus: Bus | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([...services.map((service) => service.stop()), bus?.stop()]);
    await store.close();
  };
  try {
    const accountNumberKey = await obtainAccountNumberKey(config.ACCOUNT_NUMBER_KEY, config.PASSBOOK_DIR);
    await holdToReading(database, { timeZone: config.TIME_ZONE, accountNumberKey });
    const feeds = makeFeeds({ accountNumberKey, definitions });
    bus = await openBus(config, log, parts.signal);
    const chunker = await startChunker({
      database,
      bus,
      feeds,
      ...(await chunkerPartsOf(config, log.child({ service: 'chunker' }))),
      onProgress: parts.onProgress,
      onFailure,
    });
    services.push(chunker);
    services.push(
      await startProcessor({ database, bus, feeds, log: log.child({ service: 'processor' }), onFailure }),
    );
    const reportsFolder = config.REPORTS_DIR;
    const reporter = await startReporter({
      database,
      bus,
      feeds,
      reportsFolder,
      ...mailWayOf(config),
      log: log.child({ service: 'reporter' }),
      onFailure,
    });
    services.push(reporter);
    return { database, definitions, feeds, chunker, reporter, close };
  } catch (err) {
    await close();
    throw err;
  }
}

function openBus(config: Config, log: Logger, signal: AbortSignal): Promise<Bus> {
  const { KAFKA_BROKERS } = config;
  if (KAFKA_BROKERS === undefined) return Promise.resolve(makeInProcessBus());
  return openKafkaBus({ ...config, KAFKA_BROKERS }, log, signal);
}

/**
 * Lends the database to a command about what is there, and the feeds: null where there is none, for it makes none.
 * @throws UserError
 */
export async function withDatabaseIfThere<Result>(
  config: Config,
  log: Logger,
  work: (database: Database | null, feeds: readonly Feed[]) => Promise<Result>,
): Promise<Result> {
  const isThere = config.DATABASE_URL !== undefined || existsSync(join(config.PASSBOOK_DIR, 'postgres'));
  if (!isThere) return work(null, []);
  const store = await openStore(config, log, (sentence) => void process.stderr.write(`${sentence}\n`));
  try {
    const { database, definitions } = store;
    return await work(database, makeFeeds({ accountNumberKey: null, definitions }));
  } finally {
    await store.close();
  }
}
