import { expect, test } from '@jest/globals';
import { makeRandom } from '@passbook/testing';
import { proveTrialsKilled, recordTrial } from './kill-trial.js';
import { makeReplacementTrial } from './prove-replacement-kills.js';
import { choose, chooseSeed, listKillPoints } from './watched-process.js';

const POINTS = 1;

// Each point there is: kill-replacement.slow.test.ts.
test('readers see the version before or the new one, whole, where the process that replaces it is killed (-9)', async () => {
  const seed = chooseSeed('kill points of a replacement');
  const makeTrial = () => makeReplacementTrial(seed);
  const points = listKillPoints(await recordTrial(makeTrial));
  const atSwitch = points.filter(({ name }) => name.startsWith('insert into feed_versions'));
  expect(atSwitch).toHaveLength(2);
  const others = choose(points, POINTS, makeRandom(seed).next);
  const killed = await proveTrialsKilled(makeTrial, [...atSwitch, ...others]);
  expect(killed.slice(0, 2)).toEqual([true, true]);
});
