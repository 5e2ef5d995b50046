import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { readImport, type Refusal } from '@passbook/imports';
import { transactionRow, transactionsFile, transactionsHeader, type TestDatabase } from '@passbook/testing';
import { type TestHouse, useTestHouses } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
useTestHouses((made) => void ({ house, database } = made), { settings: { FILE_BYTES_MAX: 4096 } });

describe('a refused file', () => {
  test.each<[string, string | Buffer, number | null]>([
    ['EMPTY_FILE', '', null],
    ['EMPTY_FILE', '\n\n', null],
    ['HEADER_MISSING', `${transactionRow()}\n`, 1],
    ['EMPTY_FILE', '\ufeff', null],
    ['EMPTY_FILE', gzipSync(''), null],
    ['HEADER_DUPLICATE', `${transactionsHeader},type\n`, 1],
    ['HEADER_UNKNOWN', transactionsFile([transactionRow()]).replaceAll(',', ';'), 1],
    ['HEADER_UNKNOWN', `${transactionsHeader.replace('dob', 'birthday')}\n`, 1],
    ['ENCODING', Buffer.from(`${transactionsFile([transactionRow()])}\u00e9\n`, 'latin1'), 3],
    ['ENCODING', gzipSync(Buffer.from(`${transactionsFile([transactionRow()])}\u00e9\n`, 'latin1')), 3],
    ['ENCODING_UTF16', Buffer.from(transactionsFile([transactionRow()]), 'utf16le'), 1],
    ['COMPRESSION', gzipSync(transactionsFile([transactionRow()])).subarray(0, -1), null],
    ['COMPRESSION', Buffer.from('504b0304140000000800', 'hex'), null],
    ['FILE_TOO_LARGE', transactionsFile(Array.from({ length: 40 }, () => transactionRow())), null],
    ['ENCODING_UTF16', Buffer.from(`\ufeff${transactionsFile([transactionRow()])}`, 'utf16le'), 1],
  ])('%s goes to quarantine/ with the reason, and nothing of it is posted', async (code, text, line) => {
    const { IMPORTS_DIR, QUARANTINE_DIR, PROCESSED_DIR } = house.config;
    const path = join(IMPORTS_DIR, 'refused.csv');
    await writeFile(path, text);
    const { importNo } = await house.house().chunker.importFile(path);
    expect((await readImport(database, importNo)).state).toBe('refused');
    expect((await readdir(QUARANTINE_DIR)).sort()).toEqual(['refused.csv', 'refused.csv.error.json']);
    expect(await readFile(join(QUARANTINE_DIR, 'refused.csv'))).toEqual(Buffer.from(text));
    const error = JSON.parse(
      await readFile(join(QUARANTINE_DIR, 'refused.csv.error.json'), 'utf8'),
    ) as Refusal;
    expect(error).toMatchObject({ file: 'refused.csv', code, line });
    expect(Object.keys(error)).toEqual(['file', 'sha256', 'code', 'message', 'line', 'byteOffset', 'hint']);
    expect(await readdir(IMPORTS_DIR)).toEqual(['.claimed']);
    expect(await readdir(PROCESSED_DIR)).toEqual([]);
  });

  test('dropped again is read again', async () => {
    for (const name of ['empty.csv', 'empty again.csv']) {
      const path = join(house.path, name);
      await writeFile(path, '');
      await house.house().chunker.importFile(path);
    }
    const names = ['empty again.csv', 'empty again.csv.error.json', 'empty.csv', 'empty.csv.error.json'];
    expect((await readdir(house.config.QUARANTINE_DIR)).sort()).toEqual(names);
  });
});

describe('the same bytes again', () => {
  test('post nothing and name the import they repeat, under whatever name', async () => {
    const text = transactionsFile([transactionRow({ amount: '5' }), transactionRow({ amount: 'x' })]);
    const first = await house.importText(text, 'a.csv');
    const second = await house.importText(text, 'b.csv');
    expect(second.receipt).toMatchObject({
      file: 'b.csv',
      duplicateOf: first.receipt.importId,
      rowsRead: 2,
      rowsPosted: 0,
      rowsDuplicate: 1,
      rowsQuarantined: 1,
      accounts: 0,
      amountPosted: '0.00',
    });
    expect(await readdir(house.config.QUARANTINE_DIR)).toEqual(['a.csv.rows.csv']);
    expect(await readdir(house.config.REPORTS_DIR)).toHaveLength(1);
  });

  test('at the same moment, in two names, are posted once and get two receipts', async () => {
    const text = transactionsFile([transactionRow({ amount: '5' })]);
    const [one, two] = await Promise.all([
      house.importText(text, 'one.csv'),
      house.importText(text, 'two.csv'),
    ]);
    expect(one.importNo).toBe(two.importNo);
    expect([one, two].map(({ receipt }) => receipt.rowsPosted).sort()).toEqual([0, 1]);
  });
});

test('a name that is taken in processed/ is never overwritten: the file gets a numbered one', async () => {
  const { PROCESSED_DIR } = house.config;
  await writeFile(join(PROCESSED_DIR, 'taken.csv'), 'of others');
  const path = join(house.path, 'taken.csv');
  await writeFile(path, transactionsFile([transactionRow()]));
  await house.house().chunker.importFile(path);
  expect((await readdir(PROCESSED_DIR)).sort()).toEqual([
    'taken-2.csv',
    'taken-2.csv.receipt.json',
    'taken.csv',
  ]);
  expect(await readFile(join(PROCESSED_DIR, 'taken.csv'), 'utf8')).toBe('of others');
});
