import { expect, test } from '@jest/globals';
import { describeKafka, makeRandom } from '@passbook/testing';
import { proveTrialKilledEverywhere, proveTrialsKilled, recordTrial } from './kill-trial.js';
import { makeImportTrial } from './prove-kill-points.js';
import { findServiceKillPoints, proveServiceKillAt, type Service } from './prove-service-kill-points.js';
import { choose, chooseSeed, listKillPoints, runEach, showPoint } from './watched-process.js';

const seed = chooseSeed('all kill points');
const makeTrial = () => makeImportTrial(seed);

test(
  'an import that is killed (-9) before and after each of its steps posts every row once',
  () => proveTrialKilledEverywhere(makeTrial, 100),
  900_000,
);

test('an import that is told to stop (SIGTERM) at a step ends as one that was interrupted, and goes on', async () => {
  const points = choose(listKillPoints(await recordTrial(makeTrial)), 12, makeRandom(seed).next);
  await proveTrialsKilled(makeTrial, points, 'SIGTERM');
});

/** Sessions and leases of the dead last for 15 s: all wait for them together. */
const SERVICES_AT_ONCE = 6;
const POINTS_OF_A_SERVICE = 12;

describeKafka('on Kafka', () => {
  test.each<Service>(['chunker', 'processor', 'reporter'])(
    'an import whose %s is killed (-9) before or after one of its steps posts every row once',
    async (victim) => {
      const points = choose(
        await findServiceKillPoints(seed, victim),
        POINTS_OF_A_SERVICE,
        makeRandom(seed).next,
      );
      const killed = await runEach(points, SERVICES_AT_ONCE, (point) =>
        proveServiceKillAt(seed, victim, point),
      );
      const missed = points.filter((_, at) => !killed[at]).map(showPoint);
      process.stderr.write(`kill points of the ${victim}, not reached: ${missed.join('; ') || 'none'}\n`);
      expect(missed.length).toBeLessThanOrEqual(POINTS_OF_A_SERVICE / 3);
    },
  );
});
