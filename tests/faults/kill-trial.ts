import { join } from 'node:path';
import { expect } from '@jest/globals';
import { makeTestDatabase, until, type TestDatabase } from '@passbook/testing';
import { makePlace, root, type Finished, type Place, type Running } from '../run-passbook.js';
import {
  faultsEnvironment,
  listKillPoints,
  readOperations,
  runEach,
  showPoint,
  type Faults,
  type KillPoint,
  type Operation,
  type Signal,
} from './watched-process.js';

/* One process that is killed right before or right after one of its operations, and what has to be right after that. */

/** Each process waits for Postgres and the disk now and then: more than there are cores. */
const AT_ONCE = 3;

/** A command in a folder of its own. */
export interface KillTrial {
  place: Place;
  /** Its operations count from there: what a start does before is tested elsewhere. */
  begin: RegExp;
  start(faults?: Faults): Running;
  /** Brings it to its end, if it was killed, and holds what is there to what has to be. */
  expectRight(): Promise<void>;
  remove(): Promise<void>;
}

/** Where imports are run and killed. */
export interface ImportScene {
  place: Place;
  database: TestDatabase;
  settings: Record<string, string>;
  /** `npm start -- FILE…` with these files of `imports/`. */
  startWith(names: readonly string[], faults?: Faults): Running;
  remove(): Promise<void>;
}

/** For files of declared feeds, in several windows: each has chunks of its own. */
export const declaredSettings = { FEED_DEFINITIONS_DIR: join(root, 'feed-definitions'), WINDOW_ROWS: '100' };

/** A folder and a database of its own. */
export async function makeImportScene(more: Record<string, string> = {}): Promise<ImportScene> {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const settings = { DATABASE_URL: database.url, FILE_STABLE_MS: '50', ...more };
  return {
    place,
    database,
    settings,
    startWith: (names, faults) =>
      place.start(
        'start.mjs',
        names.map((name) => `imports/${name}`),
        { ...settings, ...(faults && faultsEnvironment(place, faults)) },
      ),
    async remove() {
      await place.remove();
      await database.drop();
    },
  };
}

/** What a run that nobody disturbs does, in order. */
export async function recordTrial(makeTrial: () => Promise<KillTrial>): Promise<Operation[]> {
  const trial = await makeTrial();
  try {
    const { begin } = trial;
    expectSuccess(await trial.start({ log: 'operations', begin }).finished);
    await trial.expectRight();
    return await readOperations(trial.place, 'operations');
  } finally {
    await trial.remove();
  }
}

/**
 * Kills a run at that point: what is brought to its end then is right.
 * @returns false when the run had no such point: two runs do not always do everything in the same order
 */
export async function proveTrialKilledAt(
  makeTrial: () => Promise<KillTrial>,
  point: KillPoint,
  signal: Signal = 'SIGKILL',
): Promise<boolean> {
  const trial = await makeTrial();
  try {
    const kill = { ...point, signal };
    const first = await trial.start({ log: 'operations', begin: trial.begin, kill }).finished;
    const isKilled = signal === 'SIGKILL' ? first.signal === 'SIGKILL' : first.code === 130;
    // Killed or ended, and nothing else: an error in its place must not pass for a kill.
    if (!isKilled) expectSuccess(first);
    await trial.expectRight();
    return isKilled;
  } catch (err) {
    throw new Error(`${signal} ${showPoint(point)}: ${(err as Error).message}`, { cause: err });
  } finally {
    await trial.remove();
  }
}

/** Kills runs at these points, several at a time. @returns whether each had its point */
export function proveTrialsKilled(
  makeTrial: () => Promise<KillTrial>,
  points: readonly KillPoint[],
  signal?: Signal,
): Promise<boolean[]> {
  return runEach(points, AT_ONCE, (point) => proveTrialKilledAt(makeTrial, point, signal));
}

/** Kills a run at each point that there is, of which there are so many at least. */
export async function proveTrialKilledEverywhere(
  makeTrial: () => Promise<KillTrial>,
  pointsMin: number,
): Promise<void> {
  const points = listKillPoints(await recordTrial(makeTrial));
  // Of fewer operations than that the log would not be that of such a run.
  expect(points.length).toBeGreaterThan(pointsMin);
  const killed = await proveTrialsKilled(makeTrial, points);
  // Two runs do not always do the same at the same time: a point that a run has not is said, and there are few.
  const missed = points.filter((_, at) => !killed[at]).map(showPoint);
  process.stderr.write(`kill points: ${points.length}, not reached: ${missed.join('; ') || 'none'}\n`);
  expect(missed.length).toBeLessThanOrEqual(points.length / 10);
}

/** @throws with all that it printed, when it has not ended with 0 */
export function expectSuccess({ code, signal, stdout, stderr }: Finished): void {
  if (code !== 0) throw new Error(`It ended with ${code ?? signal}:\n${stdout}${stderr}`);
}

/** Starts again as a user would, until the imports of these files have ended. @param imports how many there are then */
export async function endImports(
  { place, database, settings }: Pick<ImportScene, 'place' | 'database' | 'settings'>,
  names: readonly string[],
  imports: number,
): Promise<void> {
  // The leases of the dead end after 15 seconds: as if they had passed.
  await database.query(`update imports set lease_until = now() - interval '1 second'`);
  await database.query(`update reports set lease_until = now() - interval '1 second'`);
  const there = await place.list('imports');
  const left = names.filter((name) => there.includes(name)).map((name) => `imports/${name}`);
  if (left.length > 0) expectSuccess(await place.run('start.mjs', left, settings));
  if (await hasEnded(database, imports)) return;
  // A file has been moved: then any start ends what is left.
  const watching = place.start('start.mjs', [], settings);
  await until('the import has ended', () => hasEnded(database, imports)).catch((err: Error) => {
    throw new Error(`${err.message}\n${watching.output()}`);
  });
  watching.process.kill('SIGTERM');
  expect((await watching.finished).code).toBe(0);
}

/** Whether so many imports have ended, with everything that belongs to them. */
export async function hasEnded(database: TestDatabase, imports = 1): Promise<boolean> {
  const { rows } = await database.query<{ hasEnded: boolean }>(
    `select count(*) = $1 and bool_and(state = 'loaded')
        and not exists (select 1 from drops where state <> 'done')
        and not exists (select 1 from reports where state = 'due') as "hasEnded"
     from imports`,
    [imports],
  );
  return rows[0]!.hasEnded;
}
