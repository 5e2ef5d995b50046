import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { expectedReport, generateRatings, ratingsFileName } from '../../scripts/generate-ratings.mjs';
import { lookAt, lookOf, readAlways } from '../house/ratings.js';
import {
  declaredSettings,
  endImports,
  expectSuccess,
  makeImportScene,
  type KillTrial,
} from './kill-trial.js';

/* `npm start -- FILE` with the ratings of an agency that has some, killed right before or after one of its operations. */

const NEW_NAME = 'Customer Rating Agency A Inc 2.csv';

/** The version before is loaded, the new file is there, and somebody reads all the time: only ever one of the two, whole. */
export async function makeReplacementTrial(seed: number): Promise<KillTrial> {
  const scene = await makeImportScene(declaredSettings);
  const { place, database } = scene;
  const make = async (name: string, rows: number, ownSeed: number) => {
    const generated = generateRatings({ agency: 'A', rows, bad: 0.05, seed: ownSeed });
    await writeFile(join(place.path, 'imports', name), [...generated].join(''));
    return generated.answers();
  };
  const before = await make(ratingsFileName('A'), 320, seed);
  expectSuccess(await scene.startWith([ratingsFileName('A')]).finished);
  const after = await make(NEW_NAME, 300, seed + 1);
  const reader = readAlways(database, 'A');
  const versions = [before, after].map((answers) => lookOf(expectedReport([answers]).split('\r\n')[1]!));
  return {
    place,
    begin: /^open imports\/Customer Rating Agency A Inc 2/,
    start: (faults) => scene.startWith([NEW_NAME], faults),
    async expectRight() {
      await endImports(scene, [NEW_NAME], 2);
      expect([...reader.seen].filter((one) => !versions.includes(one))).toEqual([]);
      expect(reader.seen).toContain(versions[0]);
      expect(await lookAt(database, 'A')).toBe(versions[1]);
      const folder = (await place.list('reports')).find((name) => name.includes(' 2'))!;
      const file = (await place.list(`reports/${folder}`)).find((name) => name.endsWith('.csv'))!;
      expect(await place.read(`reports/${folder}/${file}`)).toBe(expectedReport([after]));
    },
    async remove() {
      await reader.stop();
      await scene.remove();
    },
  };
}
