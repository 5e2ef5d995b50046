import { expect, test } from '@jest/globals';
import { makeRandom } from '@passbook/testing';
import { makeDeclaredRowReader } from './declared-row-reader.js';
import { rankNumber, sortByRank } from './key-rank.js';

const rankOf = (text: string): number => rankNumber(Buffer.from(text), 0, text.length);

test.each([
  ['0', 0],
  ['-7', -7],
  ['2147483647', 2_147_483_647],
  ['-2147483648', -2_147_483_648],
  ['12.99', 12],
  ['-0.5', -0],
])('the rank of %s is %d', (text, rank) => expect(rankOf(text)).toBe(rank));

test('ranks of any size are sorted, and equal ones stay as they came', () => {
  for (let seed = 1; seed < 60; seed++) {
    const random = makeRandom(seed);
    const size = 2 ** random.between(0, 62);
    const ranks = Float64Array.from({ length: random.between(0, 300) }, () => random.between(-size, size));
    const places = Array.from(ranks.keys());
    const sorted = [...sortByRank(ranks)];
    // As near as 32 bits of the whole range are.
    const step = ranks.length === 0 ? 0 : (Math.max(...ranks) - Math.min(...ranks)) / 2 ** 31;
    for (const [at, place] of sorted.entries())
      if (at > 0) expect(ranks[place]! - ranks[sorted[at - 1]!]!).toBeGreaterThanOrEqual(-step);
    if (size < 2 ** 30) expect(sorted).toEqual(places.sort((a, b) => ranks[a]! - ranks[b]! || a - b));
    expect(sorted.toSorted((a, b) => a - b)).toEqual(Array.from(ranks.keys()));
  }
});

/** The rows of the chunks of a file, as text. */
function chunkRows(rows: readonly string[], version: number): string[][] {
  const number = { name: 'n', type: 'integer', constraints: { required: true } } as const;
  const note = { name: 'note', type: 'string', constraints: { required: true } } as const;
  const reader = makeDeclaredRowReader(
    ['n', 'note'],
    { version, timeZone: 'UTC', currency: 'USD', windowRows: 1_000 },
    { columns: [number, note], key: ['n'], keepsPayload: false },
  );
  for (const [at, row] of rows.entries())
    expect(reader.take({ line: at + 2, cells: row.split(','), size: row.length + 1 })).toBeNull();
  return [...reader.drain()].map(({ payload }) => payload.toString().split('\n').slice(1, -1));
}

test('the rows of a chunk are in the order of their keys, and those of one key in that of their lines', () => {
  const random = makeRandom(8);
  const keys = random.shuffle(Array.from({ length: 2_000 }, (_, at) => at - 1_000));
  const rows = [...keys, ...keys.slice(0, 500)].map((key, at) => `${key},row ${at}`);
  const chunks = chunkRows(rows, 5);
  for (const chunk of chunks) {
    const read = chunk.map((row) => row.split('\t').slice(0, 2).map(Number) as [number, number]);
    expect(read).toEqual([...read].sort(([a, n], [b, m]) => n - m || a - b));
  }
  const ofBefore = chunkRows(rows, 4);
  // An import that was begun before is read on as it was begun: the rows as they came.
  for (const chunk of ofBefore) {
    const lines = chunk.map((row) => Number(row.split('\t')[0]));
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  }
  const all = (given: string[][]): string[] => given.flat().sort();
  expect(all(chunks)).toEqual(all(ofBefore));
  expect(all(chunks)).toHaveLength(rows.length);
});

test('a chunk is full before it is longer than a message may be, and its rows are all there', () => {
  const rows = Array.from({ length: 3_000 }, (_, at) => `${(at * 7) % 5},${'x'.repeat(900)}${at}`);
  const chunks = chunkRows(rows, 5);
  expect(chunks.length).toBeGreaterThan(5);
  expect(
    chunks
      .flat()
      .map((row) => row.split('\t')[2]!)
      .sort(),
  ).toEqual(rows.map((row) => row.split(',')[1]!).sort());
});
