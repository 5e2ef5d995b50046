import { test } from '@jest/globals';
import { proveTrialKilledEverywhere } from './kill-trial.js';
import { makeReconcileTrial } from './prove-reconcile-kills.js';

test(
  'passbook reconcile that is killed (-9) wherever leaves one unfinished file at most, and the next one removes it',
  () => proveTrialKilledEverywhere(makeReconcileTrial, 10),
  600_000,
);
