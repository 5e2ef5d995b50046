import { proveProcessKills } from './prove-process-kills.js';
import { test } from '@jest/globals';

// The same with ten kills of a larger file: kill-one-process.slow.test.ts.
test('an import that is killed (-9) three times at random moments posts every row once', () =>
  proveProcessKills({ rows: 60_000, kills: 3 }));
