import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeRandom, type Random } from '@passbook/testing';
import { generateTrades } from '../../scripts/generate-trades.mjs';
import { expectByHand, importSide, noSides, type KnownSides } from './judge-reconciliation.js';
import { usualEligibility } from './reconcile-by-hand.js';
import {
  customerHeader,
  makeTradesHouse,
  repositoryHeader,
  tradesFile,
  type Trade,
  type TradesHouse,
} from './trades.js';

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
  const { json } = await importSide(trades, sides, 'customer', [`${customerHeader}\n`]);
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

/** Few ids and few values: rows repeat and contradict one another in every way. */
function makeTrade(random: Random): Trade {
  return {
    id: `T${random.between(1, 25)}`,
    timestamp: random.choose(['2025-04-01T13:45:00Z', '2025-04-01T15:45:00+02:00', '2025-04-02T00:00:00Z']),
    amount: random.choose(['1000000', '1000000.00', '1000000.01', '999999.99', '1200000', '1200000.0', 'x']),
    currency: random.choose(['USD', 'usd', ' USD', 'EUR']),
    instrument: random.choose(['IRS', 'irs ', 'FX']),
    region: random.choose(['EU', 'eu', 'APAC', 'US']),
    type: random.choose(['New', 'Amend', ' new', 'Cancel']),
    status: random.choose(['Settled', 'SETTLED', 'Settled', 'Pending']),
  };
}

test.each([1, 2, 3])('small random files, one after the other, add up (seed %i)', async (seed) => {
  const random = makeRandom(seed);
  for (let file = 0; file < 5; file++) {
    const side = random.choose(inOrder);
    const rows = Array.from({ length: random.between(1, 20) }, () => makeTrade(random));
    const text = tradesFile(side === 'customer' ? customerHeader : repositoryHeader, rows);
    expectByHand(await importSide(trades, sides, side, [text]), sides);
  }
});
