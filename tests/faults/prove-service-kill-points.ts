import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTestDatabase, testKafka, uniqueName, until } from '@passbook/testing';
import { expectEverythingOnce } from '../expectations.js';
import { makePlace, type Place, type Running } from '../run-passbook.js';
import { hasEnded } from './kill-trial.js';
import { DUPLICATES, makeSmallFile, NAME } from './prove-kill-points.js';
import {
  faultsEnvironment,
  listKillPoints,
  readOperations,
  showPoint,
  type Faults,
  type KillPoint,
} from './watched-process.js';

/* Chunker, processor and reporter on Kafka, one of them killed right before or right after one of its operations. */

const services = ['chunker', 'processor', 'reporter'] as const;
export type Service = (typeof services)[number];

/** The first thing that each does for an import. */
const begins: Readonly<Record<Service, RegExp>> = {
  chunker: /^open imports\/\.claimed/,
  processor: /^receive /,
  // It claims the reports when a message wakes it, or its sweep.
  reporter: /^mkdir reports\//,
};

/** After the last statement is written, a service still does so long what nobody sees. */
const LAST_STEPS_MS = 2_000;

interface Trial {
  place: Place;
  start(service: Service, faults?: Faults): Running;
  expectEverythingOnce(): Promise<void>;
  remove(): Promise<void>;
}

async function makeTrial(seed: number): Promise<Trial> {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const { brokers } = await testKafka();
  const { text, answers } = makeSmallFile(seed);
  const settings = {
    DATABASE_URL: database.url,
    KAFKA_BROKERS: brokers,
    KAFKA_PREFIX: `${uniqueName('points')}.`,
    FILE_STABLE_MS: '50',
  };
  const running: Running[] = [];
  await writeFile(join(place.path, 'imports', NAME), text);
  return {
    place,
    start(service, faults) {
      const environment = { ...settings, ...(faults && faultsEnvironment(place, faults)) };
      const one = place.start('service.mjs', [service], environment);
      running.push(one);
      return one;
    },
    async expectEverythingOnce() {
      await until('the import has ended', () => hasEnded(database)).catch((err: Error) => {
        throw new Error([err.message, ...running.map((one) => one.output().slice(-3000))].join('\n---\n'));
      });
      await until('the statements are there', () => hasIndex(place));
      await expectEverythingOnce(place, NAME, answers, DUPLICATES);
    },
    async remove() {
      await place.remove();
      await database.drop();
    },
  };
}

/** What a service does in an import that nobody disturbs. */
export async function findServiceKillPoints(seed: number, victim: Service): Promise<KillPoint[]> {
  const trial = await makeTrial(seed);
  try {
    for (const service of services)
      trial.start(service, service === victim ? { log: 'operations', begin: begins[victim] } : undefined);
    await trial.expectEverythingOnce();
    return listKillPoints(await readOperations(trial.place, 'operations'));
  } finally {
    await trial.remove();
  }
}

/**
 * Kills the service at that point, and starts it again at once; the import ends, and all is right.
 * @returns false when the run had no such point
 */
export async function proveServiceKillAt(seed: number, victim: Service, point: KillPoint): Promise<boolean> {
  const trial = await makeTrial(seed);
  try {
    const kill = { ...point, signal: 'SIGKILL' as const };
    const doomed = trial.start(victim, { log: 'operations', begin: begins[victim], kill });
    let isRemoved = false;
    const replaced = doomed.finished.then(() => void (isRemoved || trial.start(victim)));
    for (const service of services) if (service !== victim) trial.start(service);
    await trial.expectEverythingOnce();
    // What it does last, it does when all can be seen: a lease is given back, an offset is committed.
    const isKilled = await until('it is dead', () => doomed.process.signalCode !== null, LAST_STEPS_MS).catch(
      () => false,
    );
    isRemoved = true;
    if (!isKilled) doomed.process.kill('SIGTERM');
    await replaced;
    await trial.expectEverythingOnce();
    return isKilled;
  } catch (err) {
    throw new Error(`${victim}, ${showPoint(point)}: ${(err as Error).message}`, { cause: err });
  } finally {
    await trial.remove();
  }
}

async function hasIndex(place: Place): Promise<boolean> {
  const [folder] = await place.list('reports');
  return folder !== undefined && (await place.list(`reports/${folder}`)).includes('index.html');
}
