import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readImport } from '@passbook/imports';
import { makeTestDatabase, transactionRow, transactionsFile, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  house = await makeTestHouse(database, {
    settings: { REJECT_THRESHOLD: { thousandths: 25_000, text: '25%' }, WINDOW_ROWS: 2 },
  });
});
afterEach(() => house.remove());

const good = (): string => transactionRow();
const amiss = (): string => transactionRow({ amount: 'x' });

test('a file with more bad rows than REJECT_THRESHOLD is refused, and nothing of it posted', async () => {
  const path = join(house.config.IMPORTS_DIR, 'bad.csv');
  const rows = [good(), amiss(), good(), amiss(), transactionRow({ amount: '', email: 'y' }), good(), good()];
  await writeFile(path, transactionsFile(rows));
  const { importNo } = await house.house().chunker.importFile(path);
  expect((await readImport(database, importNo)).state).toBe('refused');
  const { QUARANTINE_DIR, IMPORTS_DIR } = house.config;
  expect((await readdir(QUARANTINE_DIR)).sort()).toEqual(['bad.csv', 'bad.csv.error.json']);
  expect(await readdir(IMPORTS_DIR)).toEqual(['.claimed']);
  expect(await readdir(join(IMPORTS_DIR, '.claimed'))).toEqual([]);
  const error = JSON.parse(await readFile(join(QUARANTINE_DIR, 'bad.csv.error.json'), 'utf8')) as object;
  expect(error).toMatchObject({
    code: 'TOO_MANY_REJECTS',
    message:
      '3 of 7 rows are bad, and REJECT_THRESHOLD is 25%: 2 TYPE_AMOUNT, 1 EMAIL, 1 MISSING_CELL. The first of them are on lines 3, 5, 6.',
    line: 3,
    byteOffset: null,
  });
  const { rows: counts } = await database.query(
    'select count(*)::int as count from import_exceptions where import_no = $1',
    [importNo],
  );
  expect(counts).toEqual([{ count: 0 }]);
});

test('a file with as many bad rows as may be is imported', async () => {
  const { receipt } = await house.importRows([good(), amiss(), good(), good()]);
  expect(receipt).toMatchObject({ rowsRead: 4, rowsPosted: 3, rowsQuarantined: 1 });
});

test('a file that was refused is imported when REJECT_THRESHOLD is raised, and is a duplicate when it is lowered again', async () => {
  const text = transactionsFile([good(), amiss()]);
  await expect(house.importText(text, 'once.csv')).rejects.toThrow('refused');
  const patient = await makeTestHouse(database);
  try {
    const first = await patient.importText(text, 'twice.csv');
    expect(first.receipt).toMatchObject({ rowsPosted: 1, rowsQuarantined: 1 });
    const { receipt } = await house.importText(text, 'again.csv');
    expect(receipt).toMatchObject({ rowsPosted: 0, duplicateOf: first.receipt.importId });
  } finally {
    await patient.remove();
  }
});
