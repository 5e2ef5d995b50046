import { expect, test } from '@jest/globals';
import { makeRandom } from '@passbook/testing';
import { proveTrialsKilled, recordTrial } from './kill-trial.js';
import { makeTradesTrial } from './prove-trades-kills.js';
import { choose, chooseSeed, listKillPoints } from './watched-process.js';

const POINTS = 2;

// Each point there is: kill-trades.slow.test.ts.
test('trades and their reconciliations are right where the process that loads and reports them is killed (-9)', async () => {
  const seed = chooseSeed('kill points of trades');
  const makeTrial = () => makeTradesTrial(seed);
  const points = listKillPoints(await recordTrial(makeTrial));
  const { next } = makeRandom(seed);
  // The rows count, as far as this transaction knows, and their report is not due yet.
  const between = points.filter(
    ({ name, side }) => name.startsWith('insert into reports ') && side === 'before',
  );
  expect(between).toHaveLength(2);
  const chosen = [...choose(between, 1, next), ...choose(points, POINTS, next)];
  const [isKilledBetween] = await proveTrialsKilled(makeTrial, chosen);
  expect(isKilledBetween).toBe(true);
});
