import { expect, test } from '@jest/globals';
import { makeRandom } from '@passbook/testing';
import { proveTrialsKilled, recordTrial } from './kill-trial.js';
import { makeReconcileTrial } from './prove-reconcile-kills.js';
import { choose, chooseSeed, listKillPoints } from './watched-process.js';

const POINTS = 1;

// Each point there is: kill-reconcile.slow.test.ts.
test('passbook reconcile that is killed (-9) leaves one unfinished file at most, and the next one removes it', async () => {
  const seed = chooseSeed('kill points of passbook reconcile');
  const points = listKillPoints(await recordTrial(makeReconcileTrial));
  const unfinished = points.filter(({ name, side }) => /^writeFile .*\.tmp$/.test(name) && side === 'after');
  expect(unfinished).toHaveLength(3);
  const { next } = makeRandom(seed);
  const chosen = [...choose(unfinished, 1, next), ...choose(points, POINTS, next)];
  expect(await proveTrialsKilled(makeReconcileTrial, chosen)).toEqual(chosen.map(() => true));
});
