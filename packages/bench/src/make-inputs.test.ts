import { expect, test } from '@jest/globals';
import { generateTransactions } from '../../../scripts/generate-transactions.mjs';
import { encodeRows } from './floor-copy.js';
import { mixRows } from './make-inputs.js';

const linesOf = (texts: Iterable<string>): string[] => [...texts].join('').split('\r\n');

test('half of the rows of a mixed file are those of the first, half are new, and none is cut', () => {
  const one = { accounts: 20, operations: 100 };
  const other = { accounts: 20, operations: 50, from: '2021-02-01' };
  const [header, ...rows] = linesOf(mixRows(one, other));
  expect(header).toMatch(/^account_number,/);
  expect(rows.pop()).toBe('');
  expect(new Set(rows).size).toBe(2000);
  const first = new Set(linesOf(generateTransactions(one)));
  expect(rows.filter((row) => first.has(row))).toHaveLength(1000);
  const rest = rows.filter((row) => !first.has(row));
  expect(rest.sort()).toEqual(linesOf(generateTransactions(other)).slice(1, -1).sort());
});

test('the rows for COPY have a number for each account, and minor units', () => {
  const file = generateTransactions({ accounts: 3, operations: 2, order: 'account' });
  const rows = [...encodeRows(file)].join('').trimEnd().split('\n');
  const cells = rows.map((row) => row.split('\t'));
  expect(cells.map(([account]) => account)).toEqual(['1', '1', '2', '2', '3', '3']);
  expect(cells.map((row) => row[5])).toEqual(['2', '3', '4', '5', '6', '7']);
  const sum = cells.reduce((all, row) => all + BigInt(row[4]!), 0n);
  expect(sum).toBe(file.answers().netMinor);
});
