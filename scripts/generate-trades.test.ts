import { expect, test } from '@jest/globals';
import { countFindings, makeSide, readFile } from '../tests/house/reconcile-by-hand.js';
import { generateTrades } from './generate-trades.mjs';

const textsOf = (options: Parameters<typeof generateTrades>[0]): string[] => {
  const { customer, repository } = generateTrades(options);
  return [[...customer].join(''), [...repository].join('')];
};

test('gives the same bytes for the same options, and other trades for another seed or size', () => {
  const options = { rows: 51, bad: 0.2, seed: 3 };
  expect(textsOf(options)).toEqual(textsOf(options));
  const ids = (more: object): string[] => textsOf({ ...options, ...more })[0]!.match(/^TX[^,]*/gm)!;
  for (const more of [{ seed: 4 }, { rows: 52 }])
    expect(ids(more).filter((id) => ids({}).includes(id))).toEqual([]);
});

test.each([
  { rows: 0 },
  { rows: 1 },
  { rows: 6_001 },
  { rows: 6_000, bad: 0.3, seed: 2 },
  { rows: 1_000, bad: 1, seed: 5 },
])('knows what the reconciliation of its files must find: %j', async (options) => {
  const trades = generateTrades(options);
  const [customer, repository] = [makeSide(), makeSide()];
  await readFile(customer, trades.customer);
  await readFile(repository, trades.repository);
  expect(trades.answers()).toEqual(countFindings(customer, repository));
});

test('has some of everything', () => {
  const { answers, customer, repository } = generateTrades({ rows: 20_000, bad: 0.1 });
  const texts = [[...customer].join(''), [...repository].join('')];
  const { combinations, ...rest } = answers();
  const counts = Object.entries(rest).flatMap(([of, some]) =>
    Object.entries(some).map(([name, count]) => ({ of, name, count })),
  );
  expect(counts.filter(({ count }) => count === 0)).toEqual([]);
  expect(Object.keys(combinations)).toHaveLength(7);
  for (const piece of [',1000000,', ',1000000.01,', ',999999.99,', ', Amend,', ',eu,', '12,5', 'extra'])
    expect(texts[0]).toContain(piece);
});
