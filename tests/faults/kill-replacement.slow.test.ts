import { test } from '@jest/globals';
import { proveTrialKilledEverywhere } from './kill-trial.js';
import { makeReplacementTrial } from './prove-replacement-kills.js';
import { chooseSeed } from './watched-process.js';

test('readers see the version before or the new one, whole, wherever the process that replaces it is killed (-9)', async () => {
  const seed = chooseSeed('all kill points of a replacement');
  await proveTrialKilledEverywhere(() => makeReplacementTrial(seed), 100);
}, 1_800_000);
