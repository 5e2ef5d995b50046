import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { parseFormat } from './formats/format.js';
import { readRows } from './read-rows.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeEach(async () => {
  folder = await makeTestFolder();
});
afterEach(() => folder.remove());

/** The lines of the rows of a file with a header on its third line. */
async function readLines(rows: readonly string[], linesAfter: readonly string[]): Promise<string[]> {
  const definition = {
    feed: 'transactions',
    description: 'A bank.',
    header: ['On', 'Sum'],
    linesBefore: 2,
    linesAfter,
    columns: {
      account_number: { constant: 'x' },
      transaction_ts: { column: 'On', pattern: 'yyyy-MM-dd' },
      transaction: { column: 'Sum', decimal: '.' },
    },
  };
  const path = join(folder.path, 'file');
  await writeFile(path, ['Bank,x', '', 'On,Sum', ...rows, ''].join('\n'));
  const format = { format: parseFormat('bank', JSON.stringify(definition)), headerLine: 3, account: null };
  const found: string[] = [];
  for await (const { rows: cursor } of readRows(path, { format })) {
    while (cursor.next()) {
      expect(cursor.header).toEqual(['On', 'Sum']);
      found.push(`${cursor.record().line} ${cursor.record().cells.join()}`);
    }
  }
  return found;
}

const row = '2021-01-01,5';
const after = ['^Total', '^\\d+ rows'];

test.each([
  [[row, 'Total,5', '1 rows'], [], ['4 2021-01-01,5', '5 Total,5', '6 1 rows']],
  [[row, 'Total,5', '1 rows'], after, ['4 2021-01-01,5']],
  [[row, 'Total,5'], after, ['4 2021-01-01,5']],
  [[row, '1 rows'], after, ['4 2021-01-01,5']],
  [[row], after, ['4 2021-01-01,5']],
  [['Total,5', '1 rows'], after, []],
  [['Total,4', row, 'Total,5'], after, ['4 Total,4', '5 2021-01-01,5']],
  [['Total,4', 'Total,5'], after, ['4 Total,4']],
  [['1 rows', 'Total,5'], after, ['4 1 rows']],
  [[], after, []],
])('of %j the lines %j follow the rows, at the end and in this order', async (rows, linesAfter, expected) => {
  expect(await readLines(rows, linesAfter)).toEqual(expected);
});

test('of a file with a broad expression for its last line no row is left out before it', async () => {
  expect(await readLines([row, row, 'Total,10'], ['^Total', '^[0-9]'])).toEqual([`4 ${row}`, `5 ${row}`]);
});

test('a long file has all its rows, in one piece or many', async () => {
  const rows = Array.from({ length: 20_000 }, () => row);
  expect(await readLines([...rows, 'Total,100000'], ['^Total'])).toHaveLength(20_000);
});
