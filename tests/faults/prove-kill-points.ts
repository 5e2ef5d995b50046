import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { makeTestDatabase, until, type TestDatabase } from '@passbook/testing';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { expectEverythingOnce } from '../expectations.js';
import { makePlace, type Place } from '../run-passbook.js';
import {
  faultsEnvironment,
  listKillPoints,
  readOperations,
  showPoint,
  type Faults,
  type KillPoint,
  type Operation,
  type Signal,
} from './watched-process.js';

/* `npm start -- imports/small.csv`, killed right before or right after one of its operations. */

/** The file that is imported, and how many of its rows stand there twice. */
export const NAME = 'small.csv';
export const DUPLICATES = 6;

/** What a start does before it opens the file is left out: `kill-one-process` kills there, too. */
const BEGIN = /^open imports\/small/;

/** A file with good rows, bad ones, and some that are there twice. */
export function makeSmallFile(seed: number): {
  text: string;
  answers: ReturnType<ReturnType<typeof generateTransactions>['answers']>;
} {
  const options = { accounts: 5, operations: 12, seed, figures: true };
  const generated = generateTransactions({ ...options, bad: 0.1 });
  const text = [...generated].join('');
  const faultless = new Set([...generateTransactions(options)].join('').split('\r\n'));
  const good = text.split('\r\n').filter((line, at) => at > 0 && line !== '' && faultless.has(line));
  const twice = good.slice(0, DUPLICATES).map((line) => `${line}\r\n`);
  return { text: text + twice.join(''), answers: generated.answers() };
}

/** One import in a folder and a database of its own. */
interface Trial {
  place: Place;
  database: TestDatabase;
  start(faults?: Faults): ReturnType<Place['start']>;
  expectEverythingOnce(): Promise<void>;
  remove(): Promise<void>;
}

async function makeTrial(seed: number): Promise<Trial> {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const { text, answers } = makeSmallFile(seed);
  await writeFile(join(place.path, 'imports', NAME), text);
  const settings = { DATABASE_URL: database.url, FILE_STABLE_MS: '50' };
  return {
    place,
    database,
    start: (faults) =>
      place.start('start.mjs', [`imports/${NAME}`], {
        ...settings,
        ...(faults && faultsEnvironment(place, faults)),
      }),
    async expectEverythingOnce() {
      await endImport({ place, database, settings }, NAME, 1);
      await expectEverythingOnce(place, NAME, answers, DUPLICATES);
      const { rows } = await database.query<{ count: bigint }>('select count(*) from transactions');
      expect(Number(rows[0]!.count)).toBe(answers.goodRows);
      await expectNothingLeft(place);
    },
    async remove() {
      await place.remove();
      await database.drop();
    },
  };
}

/** What an undisturbed run does, in order. */
export async function recordOperations(seed: number): Promise<Operation[]> {
  const trial = await makeTrial(seed);
  try {
    expect(await trial.start({ log: 'operations', begin: BEGIN }).finished).toMatchObject({ code: 0 });
    await trial.expectEverythingOnce();
    return await readOperations(trial.place, 'operations');
  } finally {
    await trial.remove();
  }
}

/** The points of an undisturbed run. */
export async function findKillPoints(seed: number): Promise<KillPoint[]> {
  return listKillPoints(await recordOperations(seed));
}

/**
 * Imports the file, and kills the process at that point; the next start ends the import, and all is right.
 * @returns false when the run had no such point: two runs do not always do everything in the same order
 */
export async function proveKillAt(
  seed: number,
  point: KillPoint,
  signal: Signal = 'SIGKILL',
): Promise<boolean> {
  const trial = await makeTrial(seed);
  try {
    const kill = { ...point, signal };
    const first = await trial.start({ log: 'operations', begin: BEGIN, kill }).finished;
    const isKilled = signal === 'SIGKILL' ? first.signal === 'SIGKILL' : first.code === 130;
    // Killed or ended, and nothing else: an error in its place must not pass for a kill.
    if (!isKilled) expect([first.code, first.stderr]).toEqual([0, expect.anything()]);
    await trial.expectEverythingOnce();
    return isKilled;
  } catch (err) {
    throw new Error(`${signal} ${showPoint(point)}: ${(err as Error).message}`, { cause: err });
  } finally {
    await trial.remove();
  }
}

/** Starts again as a user would, until the import of the file has ended. @param imports how many there are then */
export async function endImport(
  { place, database, settings }: { place: Place; database: TestDatabase; settings: Record<string, string> },
  name: string,
  imports: number,
): Promise<void> {
  // The leases of the dead end after 15 seconds: as if they had passed.
  await database.query(`update imports set lease_until = now() - interval '1 second'`);
  await database.query(`update reports set lease_until = now() - interval '1 second'`);
  if ((await place.list('imports')).includes(name)) {
    const again = await place.run('start.mjs', [`imports/${name}`], settings);
    expect([again.code, again.stderr]).toEqual([0, expect.anything()]);
  }
  if (await hasEnded(database, imports)) return;
  // The file has been moved: then any start ends what is left.
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

/** Nothing of ours with a dot before it, but what the sweep deletes when it is an hour old: a copy, or half a receipt. */
async function expectNothingLeft(place: Place): Promise<void> {
  const others = (await readdir(join(place.path, 'imports'))).filter((name) => name !== '.claimed');
  const hidden = async (folder: string): Promise<string[]> =>
    (await readdir(join(place.path, folder))).filter((name) => name.startsWith('.'));
  const left = [...(await hidden('processed')), ...(await hidden('quarantine'))];
  for (const name of left) expect(name).toMatch(/^\.passbook-[0-9a-f-]{36}\.tmp$/);
  for (const name of others) expect(name).toMatch(/^\.passbook-[0-9a-f-]{36}\.dropped$/);
  const copies = await readdir(join(place.path, 'imports/.claimed'));
  // The copy and the hidden file of the one drop that was just over.
  expect(left.length + copies.length).toBeLessThanOrEqual(1);
  expect(others.length).toBeLessThanOrEqual(1);
}
