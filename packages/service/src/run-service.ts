import {
  explainPostgresError,
  isRefusedConnection,
  isWeather,
  openDatabase,
  type Database,
} from '@passbook/database';
import { readDefinitions, type FeedDefinition } from '@passbook/feeds';
import {
  aborted,
  makeLogger,
  UserError,
  type Logger,
  type SettingName,
  type Settings,
} from '@passbook/runtime';
import { classifyFailure } from './classify-failure.js';
import { makeFailureHandler } from './failure-handler.js';
import { startHealth, type Health } from './health.js';
import { migrateDatabase } from './prepare-database.js';
import { onStopSignal } from './stop-signal.js';
import { tellReturn } from './tell-return.js';
import { untilThere } from './until-there.js';

/*
 * The life of a process that is one service: settings, health, wait for Postgres, bring its schema up to date, wait for
 * Kafka, work until SIGTERM or a bug, let go of everything in the order in which it came, backwards.
 */

/** Every service has these. */
export const serviceSettings = [
  'DATABASE_URL',
  'HTTP_HOST',
  'HEALTH_PORT',
  'FEED_DEFINITIONS_DIR',
  'LOG_LEVEL',
] as const satisfies readonly SettingName[];

type ServiceConfig = Settings<(typeof serviceSettings)[number]> & { DATABASE_URL: string };

/** After SIGTERM a process has so long to end; docker-compose.yml gives it a little more. */
const GRACE_MS = 15_000;

/** Connections of one service: two loads or reads, what renews leases, and the sweeps. */
const CONNECTIONS_MAX = 12;

export interface ServiceParts<Config> {
  config: Config;
  database: Database;
  /** The feeds that are declared here. */
  definitions: readonly FeedDefinition[];
  log: Logger;
  /** Told of what failed and is tried again; a bug ends the process. */
  onFailure: (err: unknown) => void;
  /** Aborts when the process is to end. */
  signal: AbortSignal;
}

export interface Service<Config> {
  name: string;
  /** @throws UserError with all faults */
  readConfig: () => Config;
  /** The database is there and its schema up to date. Waits for the rest, and works from then on. */
  start: (parts: ServiceParts<Config>) => Promise<RunningService>;
}

export interface RunningService {
  stop(): Promise<unknown>;
  /** What keeps it from its work at present, beside Postgres; null when nothing does. */
  findObstacle(): string | null;
}

/** Runs a service until it is told to stop, and ends the process: 0 stopped, 1 failed, 2 configuration. */
export async function runService<Config extends ServiceConfig>(service: Service<Config>): Promise<void> {
  const stopping = new AbortController();
  let exitCode = 0;
  try {
    const config = service.readConfig();
    const log = makeLogger(config.LOG_LEVEL ?? 'info').child({ service: service.name });
    const stop = (): void => {
      stopping.abort(new Error('The service is stopped.'));
      // What hangs is left to the next start: every step is safe to be killed in.
      setTimeout(() => process.exit(exitCode || 1), GRACE_MS).unref();
    };
    onStopSignal(() => {
      log.info('stopping');
      stop();
    });
    const onFailure = makeFailureHandler(log, (err) => {
      log.fatal({ err }, 'a fault of its own ends this service; nothing is lost');
      exitCode = 1;
      stop();
    });
    await live(service, { config, log, onFailure, signal: stopping.signal });
    log.info('stopped');
  } catch (err) {
    if (!stopping.signal.aborted) exitCode = tell(err);
  }
  process.exit(exitCode);
}

async function live<Config extends ServiceConfig>(
  service: Service<Config>,
  parts: Omit<ServiceParts<Config>, 'database' | 'definitions'>,
): Promise<void> {
  const { config, log, signal } = parts;
  const definitions = await readDefinitions(config.FEED_DEFINITIONS_DIR);
  const database = openDatabase({
    url: config.DATABASE_URL,
    applicationName: `passbook-${service.name}`,
    connectionsMax: CONNECTIONS_MAX,
  });
  const told = tellReturn(database, log);
  let running: RunningService | undefined;
  const health = await startHealthOf(config, async () =>
    running
      ? ((await findPostgresObstacle(database)) ?? running.findObstacle())
      : 'It is starting; the log says what it waits for.',
  );
  if (health) log.debug({ port: health.port }, 'health is told');
  try {
    const where = `Postgres at ${new URL(config.DATABASE_URL).host}`;
    await untilThere(where, () => explainingRefusal(where, () => migrateDatabase(database, definitions)), {
      isWeather,
      explain: explainPostgresError,
      log,
      signal,
    });
    running = await service.start({ ...parts, database: told, definitions });
    log.info('started');
    await aborted(signal);
    await running.stop();
  } finally {
    await health?.stop();
    await database.close();
  }
}

async function startHealthOf(
  config: ServiceConfig,
  findObstacle: () => Promise<string | null>,
): Promise<Health | null> {
  if (config.HEALTH_PORT === undefined) return null;
  return startHealth({ host: config.HTTP_HOST, port: config.HEALTH_PORT, findObstacle });
}

async function findPostgresObstacle(database: Database): Promise<string | null> {
  try {
    await database.query('select 1');
    return null;
  } catch (err) {
    return `Postgres: ${explainPostgresError(err)}`;
  }
}

/** @throws UserError when Postgres does not let us in, or has no such database */
async function explainingRefusal<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (!isRefusedConnection(err) && !/SSL|certificate/.test((err as Error).message)) throw err;
    throw new UserError(`${where} refuses us: ${explainPostgresError(err)}. Look at DATABASE_URL.`, {
      cause: err,
    });
  }
}

/** One clear sentence for what a user can mend; a stack for a bug. @returns the exit code */
function tell(err: unknown): number {
  const failure = classifyFailure(err);
  const text = failure.kind === 'bug' ? ((err as Error).stack ?? String(err)) : failure.sentence;
  process.stderr.write(`${text}\n`);
  return err instanceof UserError ? err.exitCode : 1;
}
