import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { generateTrades } from '../../scripts/generate-trades.mjs';
import { expectByHand, importSide, noSides, type KnownSides } from './judge-reconciliation.js';
import { usualEligibility } from './reconcile-by-hand.js';
import { makeTradesHouse, type TradesHouse } from './trades.js';

/* Reports of generated files, held to what is computed by hand from the same texts. */

let trades: TradesHouse;
let sides: KnownSides;
beforeEach(async () => {
  trades = await makeTradesHouse();
  sides = noSides();
});
afterEach(() => trades.remove());

const inOrder = ['customer', 'repository'] as const;

test.each([
  { rows: 3_000, seed: 11, bad: 0.2, order: inOrder },
  { rows: 1_501, seed: 12, bad: 0.02, order: inOrder.toReversed() },
  { rows: 600, seed: 13, bad: 0, order: inOrder },
  { rows: 0, seed: 14, bad: 0, order: inOrder },
])(
  'a report is what a computation by hand finds, with one side and with both: %j',
  async ({ order, ...options }) => {
    const files = generateTrades(options);
    for (const side of order) expectByHand(await importSide(trades, sides, side, files[side]), sides);
  },
);

test('a report is over all files of both sides', async () => {
  for (const seed of [21, 22]) {
    const files = generateTrades({ rows: 500, seed, bad: 0.1 });
    for (const side of inOrder) expectByHand(await importSide(trades, sides, side, files[side]), sides);
  }
  // Most rows of it are duplicates: other ones are bad than before.
  const again = generateTrades({ rows: 500, seed: 21, bad: 0.3 });
  for (const side of inOrder) expectByHand(await importSide(trades, sides, side, again[side]), sides);
  const { json } = await importSide(trades, sides, 'customer', [
    'transaction_id,timestamp,amount,currency,instrument_type,region,trade_type,status\n',
  ]);
  expect(json.classes.customer['duplicate']).toBeGreaterThan(200);
});

test('by other rules it is another report, of the same rows', async () => {
  const { customer, repository } = generateTrades({ rows: 800, seed: 31, bad: 0.05 });
  await importSide(trades, sides, 'customer', customer);
  const path = join(trades.house.config.FEED_DEFINITIONS_DIR, 'customer_transactions.json');
  const definition = JSON.parse(await readFile(path, 'utf8')) as { reconciliation: { eligible: object[] } };
  definition.reconciliation.eligible = [
    { column: 'amount', above: '2000000000.5' },
    { column: 'trade_type', in: ['new', 'Cancel'] },
    { column: 'status', in: ['Settled', 'Pending'] },
    { column: 'region', in: ['us', 'eu', 'latam'] },
  ];
  await trades.house.close();
  await writeFile(path, JSON.stringify(definition));
  await trades.house.open();
  const report = await importSide(trades, sides, 'repository', repository);
  expectByHand(report, sides, {
    amountAbove: '2000000000.5',
    tradeTypes: ['New', 'Cancel'],
    statuses: ['Settled', 'Pending'],
    regions: ['US', 'EU', 'LATAM'],
  });
  expect(() => expectByHand(report, sides, usualEligibility)).toThrow();
});
