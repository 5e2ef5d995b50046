import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { expectedReport, generateRatings } from './generate-ratings.mjs';

const textOf = (options: Parameters<typeof generateRatings>[0]): string =>
  [...generateRatings(options)].join('');

test('gives the same bytes for the same options, and others for another seed or agency', () => {
  const options = { agency: 'A', rows: 50, bad: 0.2, seed: 3 };
  expect(textOf(options)).toBe(textOf(options));
  expect(textOf(options)).not.toBe(textOf({ ...options, seed: 4 }));
  expect(textOf(options)).not.toBe(textOf({ ...options, agency: 'B' }));
});

test('knows what the report must say of its rows', () => {
  const generated = generateRatings({ agency: 'C', rows: 2_000, bad: 0.1 });
  const rows = parse([...generated].join(''), { relax_column_count: true, from_line: 2 });
  const good = rows.filter(
    ([number, rating, limit, status, ...more]) =>
      more.length === 0 &&
      /^\d{7}$/.test(number!) &&
      /^\d{1,3}$/.test(rating ?? '') &&
      /^\d+$/.test(limit ?? '') &&
      (status ?? '').length <= 25,
  );
  expect(new Set(good.map(([number]) => number)).size).toBe(good.length);
  const answers = generated.answers();
  expect(answers).toMatchObject({
    rows: 2_000,
    count: good.length,
    invalid: 2_000 - good.length,
    sum: good.reduce((sum, row) => sum + Number(row[1]), 0),
    highValue: good.filter((row) => row[3]!.trim().toLowerCase() === 'high-value').length,
  });
  expect(answers.invalid).toBeGreaterThan(100);
  expect(expectedReport([answers]).split('\r\n')[1]).toBe(
    `Customer Rating Agency C Inc,${answers.count},${answers.sum},${answers.highValue},${answers.invalid},${(answers.invalid / 20).toFixed(2)}`,
  );
});
