import { proveProcessKills } from './prove-process-kills.js';
import { test } from '@jest/globals';

test(
  'an import of 300,000 rows that is killed (-9) ten times at random moments posts every row once',
  () => proveProcessKills({ rows: 300_000, kills: 10 }),
  600_000,
);
