import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { expectEverythingOnce } from '../expectations.js';
import type { Place } from '../run-passbook.js';
import { endImports, makeImportScene, type KillTrial } from './kill-trial.js';

/* `npm start -- imports/small.csv`, killed right before or right after one of its operations. */

/** The file that is imported, and how many of its rows stand there twice. */
export const NAME = 'small.csv';
export const DUPLICATES = 6;

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
export async function makeImportTrial(seed: number): Promise<KillTrial> {
  const scene = await makeImportScene();
  const { place, database } = scene;
  const { text, answers } = makeSmallFile(seed);
  await writeFile(join(place.path, 'imports', NAME), text);
  return {
    place,
    // What a start does before it opens the file: `kill-one-process` kills there, too.
    begin: /^open imports\/small/,
    start: (faults) => scene.startWith([NAME], faults),
    async expectRight() {
      await endImports(scene, [NAME], 1);
      await expectEverythingOnce(place, NAME, answers, DUPLICATES);
      const { rows } = await database.query<{ count: bigint }>('select count(*) from transactions');
      expect(Number(rows[0]!.count)).toBe(answers.goodRows);
      await expectNothingLeft(place);
    },
    remove: () => scene.remove(),
  };
}

/** Nothing of ours with a dot before it, but what the sweep deletes when it is an hour old: a copy, or half a receipt. */
export async function expectNothingLeft(place: Place): Promise<void> {
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
