import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { generateTransactions, type GenerateOptions } from './generate-transactions.mjs';

const small: GenerateOptions = { accounts: 7, operations: 30 };

function textOf(options: GenerateOptions): string {
  return [...generateTransactions(options)].join('');
}

function rowsOf(options: GenerateOptions): Record<string, string>[] {
  return parse(textOf(options), { columns: true });
}

test('gives the same bytes for the same options, and others for another seed', () => {
  expect(textOf({ ...small, seed: 5 })).toBe(textOf({ ...small, seed: 5 }));
  expect(textOf({ ...small, seed: 5 })).not.toBe(textOf({ ...small, seed: 6 }));
});

test('gives each account its number of operations, with ids that are unique in the file', () => {
  const rows = rowsOf(small);
  const counts = new Map<string, number>();
  for (const { account_number: number } of rows) counts.set(number!, (counts.get(number!) ?? 0) + 1);
  expect([...counts.values()]).toEqual(Array(7).fill(30));
  expect(new Set(rows.map((row) => row['operation_id'])).size).toBe(210);
});

test.each(['shuffled', 'account', 'time'] as const)('holds the same rows in the order "%s"', (order) => {
  const sorted = (options: GenerateOptions): string[] => textOf(options).split('\r\n').sort();
  expect(sorted({ ...small, order })).toEqual(sorted(small));
});

test('sorts by time where it is asked to', () => {
  const times = rowsOf({ ...small, order: 'time' }).map((row) => row['transaction_ts']!);
  expect(times).toEqual([...times].sort());
});

test('knows the sums that an import of the file must come to', () => {
  const generated = generateTransactions({ ...small, figures: true });
  const rows: Record<string, string>[] = parse([...generated].join(''), { columns: true });
  const minorOf = (amount: string): bigint => {
    const [whole, cents = ''] = amount.replace('-', '').split('.');
    const size = BigInt(whole!) * 100n + BigInt(cents.padEnd(2, '0'));
    return amount.startsWith('-') ? -size : size;
  };
  const { net, netMinor, accounts } = generated.answers();
  expect(rows.reduce((sum, row) => sum + minorOf(row['transaction']!), 0n)).toBe(netMinor);
  expect(minorOf(net)).toBe(netMinor);
  for (const [number, figures] of accounts!) {
    const own = rows
      .filter((row) => row['account_number'] === number)
      .map((row) => minorOf(row['transaction']!));
    expect(own).toHaveLength(figures.count);
    expect(own.filter((minor) => minor > 0n).reduce((a, b) => a + b, 0n)).toBe(figures.creditsMinor);
  }
});

test('spoils about the share of rows that is asked for, and counts them', () => {
  const generated = generateTransactions({ accounts: 10, operations: 1000, bad: 0.1 });
  const text = [...generated].join('');
  const { rows, goodRows, badRows } = generated.answers();
  expect(rows).toBe(10_000);
  expect(goodRows + badRows).toBe(rows);
  expect(badRows).toBeGreaterThan(800);
  expect(badRows).toBeLessThan(1200);
  expect(text.match(/not-a-uuid|,abc\r|,extra\r| at /g)!.length).toBeGreaterThan(100);
});

test('quotes all cells and ends lines as it is told', () => {
  const text = textOf({ ...small, quoted: true, eol: 'lf' });
  expect(text).not.toContain('\r');
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^".*"$/);
});

test.each([
  [{ accounts: 0, operations: 1 }, /accounts must be a whole number/],
  [{ accounts: 1, operations: 1, bad: 2 }, /bad must be a share/],
  [{ accounts: 1, operations: 1, from: '2022-02-30' }, /from must be a day/],
  [{ accounts: 1, operations: 1, from: '2022-02-02', to: '2022-02-01' }, /must not be after/],
  [{ accounts: 1_000_000, operations: 1_000_000 }, /at most 1,000,000,000/],
])('refuses the options %j in one sentence', (options, sentence) => {
  expect(() => generateTransactions(options)).toThrow(sentence);
});
