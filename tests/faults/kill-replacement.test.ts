import { expect, test } from '@jest/globals';
import { makeRandom } from '@passbook/testing';
import { findReplacementPoints, proveReplacementKilledAt } from './prove-replacement-kills.js';
import { choose, chooseSeed, runEach } from './watched-process.js';

const POINTS = 1;

// Each point there is: kill-replacement.slow.test.ts.
test('readers see the version before or the new one, whole, where the process that replaces it is killed (-9)', async () => {
  const seed = chooseSeed('kill points of a replacement');
  const points = await findReplacementPoints(seed);
  const atSwitch = points.filter(({ name }) => name.startsWith('insert into feed_versions'));
  expect(atSwitch).toHaveLength(2);
  const others = choose(points, POINTS, makeRandom(seed).next);
  const killed = await runEach([...atSwitch, ...others], 3, (point) => proveReplacementKilledAt(seed, point));
  expect(killed.slice(0, 2)).toEqual([true, true]);
});
