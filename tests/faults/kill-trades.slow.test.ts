import { test } from '@jest/globals';
import { proveTrialKilledEverywhere } from './kill-trial.js';
import { makeTradesTrial } from './prove-trades-kills.js';
import { chooseSeed } from './watched-process.js';

test('trades and their reconciliations are right wherever the process that loads and reports them is killed (-9)', async () => {
  const seed = chooseSeed('all kill points of trades');
  await proveTrialKilledEverywhere(() => makeTradesTrial(seed), 100);
}, 1_800_000);
