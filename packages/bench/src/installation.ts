import { randomUUID } from 'node:crypto';
import { copyFile, open, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, type Database } from '@passbook/database';
import { layGround, type Ground } from './ground.js';
import type { Servers } from './servers.js';
import { startServices, type Services } from './services.js';
import { watchImport, type ImportWatch } from './watch-import.js';

/** The product at work: four services or more, with a database and topics of their own. */
export interface Installation {
  services: Services;
  databaseName: string;
  /**
   * Puts a copy of a file into imports/ at once.
   * @param onCopied called when the copy is made, just before it gets there
   */
  drop: (path: string, onCopied?: () => void) => Promise<Drop>;
}

export interface Drop extends ImportWatch {
  droppedAtMs: number;
  /** Until the chunker has begun to copy a file: before that it waits for the file to be whole. */
  untilTaken(): Promise<void>;
}

export interface InstallationPlan {
  root: string;
  processors?: number;
  /** The database to begin with a copy of; else with an empty one. */
  template?: string;
  /** Where the services write CPU profiles when they end. */
  profiles?: string;
  /** The database stays, to be copied by others. */
  keepsDatabase?: boolean;
}

/** The copy of a file lies there until its import is over: no look comes too late. */
const LOOK_MS = 20;
const TAKEN_DEADLINE_MS = 60_000;

/** Lends an installation whose services are ready and idle. */
export async function withInstallation<T>(
  servers: Servers,
  plan: InstallationPlan,
  work: (one: Installation) => Promise<T>,
): Promise<T> {
  const { closers, kafka, postgres } = servers;
  const databaseName = `bench_${randomUUID().slice(0, 8)}`;
  const prefix = `${databaseName}.`;
  const ground = await layGround(closers);
  let services: Services | undefined;
  let database: Database | undefined;
  let removed: Promise<void> | undefined;
  const remove = async (): Promise<void> => {
    await services?.kill();
    await database?.close();
    await ground.clear();
    await kafka.deleteTopics(prefix);
    if (!plan.keepsDatabase) await postgres.drop(databaseName);
  };
  const close = (): Promise<void> => (removed ??= remove());
  closers.add(close);
  try {
    await postgres.create(databaseName, plan.template ?? null);
    if (closers.isClosing()) throw new Error('The run is over.');
    services = startAll(servers, plan, ground, databaseName);
    await services.untilStarted();
    await kafka.untilJoined(
      new Map([
        [`${prefix}processor`, plan.processors ?? 1],
        [`${prefix}reporter`, 1],
      ]),
    );
    const url = postgres.url(databaseName);
    database = openDatabase({ url, applicationName: 'bench', connectionsMax: 2 });
    await postgres.calm();
    const result = await work(makeInstallation(services, database, databaseName, ground));
    await services.end();
    return result;
  } finally {
    await close();
  }
}

function startAll(servers: Servers, plan: InstallationPlan, ground: Ground, databaseName: string): Services {
  return startServices({
    root: plan.root,
    folder: ground.path,
    processors: plan.processors ?? 1,
    profiles: plan.profiles ?? null,
    environment: {
      ...ground.environment,
      FEED_DEFINITIONS_DIR: join(plan.root, 'feed-definitions'),
      DATABASE_URL: servers.postgres.url(databaseName),
      KAFKA_BROKERS: servers.kafka.brokers,
      KAFKA_PREFIX: `${databaseName}.`,
    },
  });
}

function makeInstallation(
  services: Services,
  database: Database,
  databaseName: string,
  { imports, outside }: Ground,
): Installation {
  return {
    services,
    databaseName,
    async drop(path, onCopied = () => {}) {
      const name = basename(path);
      await copyDurably(path, join(outside, name));
      const watch = watchImport(database, name, services.expectAlive);
      onCopied();
      const droppedAtMs = performance.now();
      await rename(join(outside, name), join(imports, name));
      const isTaken = async (): Promise<boolean> => (await readdir(join(imports, '.claimed'))).length > 0;
      return {
        ...watch,
        droppedAtMs,
        untilTaken: () => untilTaken(isTaken),
      };
    },
  };
}

/** Until the disk has it: the writing of the copy is not to go on while the import is measured. */
async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const file = await open(to, 'r+');
  await file.sync().finally(() => file.close());
}

async function untilTaken(isTaken: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + TAKEN_DEADLINE_MS;
  while (!(await isTaken())) {
    if (performance.now() > end) throw new Error('No chunker has taken the file.');
    await pause(LOOK_MS);
  }
}
