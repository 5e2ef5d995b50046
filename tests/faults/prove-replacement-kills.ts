import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { makeTestDatabase } from '@passbook/testing';
import { expectedReport, generateRatings, ratingsFileName } from '../../scripts/generate-ratings.mjs';
import { lookAt, lookOf, readAlways } from '../house/ratings.js';
import { makePlace, root, type Place } from '../run-passbook.js';
import { endImport } from './prove-kill-points.js';
import {
  faultsEnvironment,
  listKillPoints,
  readOperations,
  showPoint,
  type Faults,
  type KillPoint,
} from './watched-process.js';

/* `npm start -- FILE` with the ratings of an agency that has some, killed right before or after one of its operations. */

const NEW_NAME = 'Customer Rating Agency A Inc 2.csv';
const BEGIN = /^open imports\/Customer Rating Agency A Inc 2/;

/** Several windows, each with chunks of its own. */
const WINDOW_ROWS = '100';

interface Trial {
  place: Place;
  start(faults?: Faults): ReturnType<Place['start']>;
  /** Ends the import, and holds what is there to the new file, and all that readers have seen to one of the two versions. */
  expectNewVersion(): Promise<void>;
  remove(): Promise<void>;
}

/** The version before is loaded, the new file is there, and somebody reads all the time. */
async function makeTrial(seed: number): Promise<Trial> {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const settings = {
    DATABASE_URL: database.url,
    FEED_DEFINITIONS_DIR: join(root, 'feed-definitions'),
    FILE_STABLE_MS: '50',
    WINDOW_ROWS,
  };
  const make = async (name: string, rows: number, ownSeed: number) => {
    const generated = generateRatings({ agency: 'A', rows, bad: 0.05, seed: ownSeed });
    await writeFile(join(place.path, 'imports', name), [...generated].join(''));
    return generated.answers();
  };
  const before = await make(ratingsFileName('A'), 320, seed);
  const first = await place.run('start.mjs', [`imports/${ratingsFileName('A')}`], settings);
  expect([first.code, first.stderr]).toEqual([0, expect.anything()]);
  const after = await make(NEW_NAME, 300, seed + 1);
  const reader = readAlways(database, 'A');
  const lookOfAnswers = (answers: typeof before): string =>
    lookOf(expectedReport([answers]).split('\r\n')[1]!);
  return {
    place,
    start: (faults) =>
      place.start('start.mjs', [`imports/${NEW_NAME}`], {
        ...settings,
        ...(faults && faultsEnvironment(place, faults)),
      }),
    async expectNewVersion() {
      await endImport({ place, database, settings }, NEW_NAME, 2);
      const versions = [lookOfAnswers(before), lookOfAnswers(after)];
      expect([...reader.seen].filter((one) => !versions.includes(one))).toEqual([]);
      expect(reader.seen).toContain(versions[0]);
      expect(await lookAt(database, 'A')).toBe(versions[1]);
      const folder = (await place.list('reports')).find((name) => name.includes(' 2'))!;
      const file = (await place.list(`reports/${folder}`)).find((name) => name.endsWith('.csv'))!;
      expect(await place.read(`reports/${folder}/${file}`)).toBe(expectedReport([after]));
    },
    async remove() {
      await reader.stop();
      await place.remove();
      await database.drop();
    },
  };
}

/** The points of a replacement that nobody disturbs. */
export async function findReplacementPoints(seed: number): Promise<KillPoint[]> {
  const trial = await makeTrial(seed);
  try {
    expect(await trial.start({ log: 'operations', begin: BEGIN }).finished).toMatchObject({ code: 0 });
    await trial.expectNewVersion();
    return listKillPoints(await readOperations(trial.place, 'operations'));
  } finally {
    await trial.remove();
  }
}

/**
 * Kills the process at that point: all that was and is seen is the version before or the new one, and the next start ends with
 * the new one.
 * @returns false when the run had no such point
 */
export async function proveReplacementKilledAt(seed: number, point: KillPoint): Promise<boolean> {
  const trial = await makeTrial(seed);
  try {
    const kill = { ...point, signal: 'SIGKILL' as const };
    const first = await trial.start({ log: 'operations', begin: BEGIN, kill }).finished;
    const isKilled = first.signal === 'SIGKILL';
    if (!isKilled) expect([first.code, first.stderr]).toEqual([0, expect.anything()]);
    await trial.expectNewVersion();
    return isKilled;
  } catch (err) {
    throw new Error(`${showPoint(point)}: ${(err as Error).message}`, { cause: err });
  } finally {
    await trial.remove();
  }
}
