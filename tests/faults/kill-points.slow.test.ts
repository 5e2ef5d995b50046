import { expect, test } from '@jest/globals';
import { makeRandom } from '../random.js';
import { findKillPoints, proveKillAt } from './prove-kill-points.js';
import { choose, chooseSeed, runEach, showPoint } from './watched-process.js';

/** Each waits for Postgres and the disk now and then: more than there are cores. */
const AT_ONCE = 3;

const seed = chooseSeed('all kill points');

/** Two runs do not always do the same at the same time: a point that a run has not is said, and there are few. */
function expectMostWereReached(points: readonly string[], killed: readonly boolean[]): void {
  const missed = points.filter((_, at) => !killed[at]);
  process.stderr.write(`kill points: ${points.length}, not reached: ${missed.join('; ') || 'none'}\n`);
  expect(missed.length).toBeLessThanOrEqual(points.length / 10);
}

test('an import that is killed (-9) before and after each of its steps posts every row once', async () => {
  const points = await findKillPoints(seed);
  expect(points.length).toBeGreaterThan(100);
  const killed = await runEach(points, AT_ONCE, (point) => proveKillAt(seed, point));
  expectMostWereReached(points.map(showPoint), killed);
}, 900_000);

test('an import that is told to stop (SIGTERM) at a step ends as one that was interrupted, and goes on', async () => {
  const points = choose(await findKillPoints(seed), 12, makeRandom(seed));
  await runEach(points, AT_ONCE, (point) => proveKillAt(seed, point, 'SIGTERM'));
}, 300_000);
