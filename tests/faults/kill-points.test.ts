import { expect, test } from '@jest/globals';
import { makeRandom } from '@passbook/testing';
import { proveTrialsKilled, recordTrial } from './kill-trial.js';
import { makeImportTrial } from './prove-kill-points.js';
import { choose, chooseSeed, listKillPoints } from './watched-process.js';

const POINTS = 8;
/** What is done from time to time: a slow run does it more often, and the next one perhaps not. */
const BY_TIME = /^with claimed as|^update \w+ set lease_until/;

// Each point there is, and the same for the separate services: kill-points.slow.test.ts.
test('an import that is killed (-9) right before or after any of its steps posts every row once', async () => {
  const seed = chooseSeed('kill points');
  const makeTrial = () => makeImportTrial(seed);
  const points = listKillPoints(await recordTrial(makeTrial)).filter(({ name }) => !BY_TIME.test(name));
  // Of fewer operations than that the log would not be that of an import.
  expect(points.length).toBeGreaterThan(100);
  const killed = await proveTrialsKilled(makeTrial, choose(points, POINTS, makeRandom(seed).next));
  expect(killed.filter(Boolean).length).toBeGreaterThanOrEqual(POINTS - 2);
});
