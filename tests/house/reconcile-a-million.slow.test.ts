import { expect, test } from '@jest/globals';
import { generateTrades } from '../../scripts/generate-trades.mjs';
import { expectByHand, importSide, noSides } from './judge-reconciliation.js';
import { makeTradesHouse } from './trades.js';

/** A machine that is ten times as slow as the slowest we know. */
const DEADLINE_MS = 30 * 60_000;

test(
  'of a million trades the report is what a computation by hand finds',
  async () => {
    const trades = await makeTradesHouse({ reportsWithinMs: DEADLINE_MS });
    try {
      const sides = noSides();
      const { customer, repository } = generateTrades({ rows: 1_000_000, bad: 0.02, seed: 41 });
      await importSide(trades, sides, 'customer', customer);
      const report = await importSide(trades, sides, 'repository', repository);
      expect(report.json.classes.customer['rows_read']).toBe(1_000_000);
      expectByHand(report, sides);
    } finally {
      await trades.remove();
    }
  },
  2 * DEADLINE_MS,
);
