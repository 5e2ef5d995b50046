import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { countDueReports, readImport, type Receipt } from '@passbook/imports';
import {
  newAccountNumber,
  transactionRow,
  transactionsFile,
  transactionsHeader,
  until,
  type RowCells,
  type TestDatabase,
} from '@passbook/testing';
import { type TestHouse, useTestHouses } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
useTestHouses((made) => void ({ house, database } = made));

describe('a file', () => {
  test('may have LF, CRLF and CR, a byte order mark, quoted cells with commas, quotes and line breaks', async () => {
    const account = newAccountNumber();
    const row = (cells: Partial<RowCells>): string => transactionRow({ account, ...cells });
    const text = [
      `\ufeff${transactionsHeader}\n`,
      `${row({ amount: '1' })}\r\n`,
      `${row({ amount: '2' })}\r`,
      `${row({ amount: '"4"' })}\n\n`,
      row({ first: '"Lee, ""Ann"""', last: '"two\r\nlines"', amount: '8' }),
    ].join('');
    const { receipt, statements } = await house.importText(text);
    expect(receipt).toMatchObject({ rowsRead: 4, rowsPosted: 4, amountPosted: '15.00', contradictions: 1 });
    expect(statements).toHaveLength(1);
    const { rows } = await database.query<{ line: bigint }>(
      'select line from transactions where account_id = $1 order by amount_minor',
      [statements[0]!.account.id],
    );
    expect(rows.map((one) => Number(one.line))).toEqual([2, 3, 4, 6]);
  });

  test('may be packed with gzip, in several members, whatever its name; it is kept as it was dropped', async () => {
    const rows = [
      transactionRow({ amount: '1' }),
      transactionRow({ amount: 'x' }),
      transactionRow({ amount: '2' }),
    ];
    const text = transactionsFile(rows);
    const bytes = Buffer.concat([gzipSync(text.slice(0, 150)), gzipSync(text.slice(150))]);
    const { receipt, importNo } = await house.importText(bytes, 'packed.csv');
    expect(receipt).toMatchObject({ rowsRead: 3, rowsPosted: 2, rowsQuarantined: 1, amountPosted: '3.00' });
    expect(receipt.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await readFile(join(house.config.PROCESSED_DIR, 'packed.csv'))).toEqual(bytes);
    const rowsFile = await readFile(join(house.config.QUARANTINE_DIR, 'packed.csv.rows.csv'), 'utf8');
    expect(rowsFile).toContain(`\r\n${rows[1]},`);
    const { chunking } = await readImport(database, importNo);
    expect(chunking.decoding).toEqual({ compression: 'gzip', encoding: 'utf-8' });
  });

  test('may have cells that COPY would take for something else', async () => {
    const { statements } = await house.importRows([
      transactionRow({ first: '\\.', last: '\\N' }),
      transactionRow({ first: 'a\tb', last: 'back\\slash\\n' }),
    ]);
    expect(statements.map((one) => one.client.name).sort()).toEqual(['\\. \\N', 'a\tb back\\slash\\n']);
  });

  test('may have its columns in another order', async () => {
    const reversed = (line: string): string => line.split(',').reverse().join(',');
    const { receipt } = await house.importText(
      [transactionsHeader, transactionRow(), ''].map(reversed).join('\n'),
    );
    expect(receipt.rowsPosted).toBe(1);
  });

  test('with a header alone is imported: nothing was in it', async () => {
    const { receipt, reports } = await house.importText(`${transactionsHeader}\r\n`);
    expect(receipt).toMatchObject({ rowsRead: 0, rowsPosted: 0, accounts: 0, amountPosted: '0.00' });
    expect(reports).toEqual(['index.html']);
  });

  test('with a name that is as long as can be, or strange, is imported', async () => {
    const { IMPORTS_DIR, PROCESSED_DIR } = house.config;
    const names = [
      `${'ä'.repeat(125)}.csv`,
      `${'x'.repeat(251)}.csv`,
      `a b "c" <d> & %41 'é'.csv`,
      '-rf.csv',
      '..csv',
      'no extension',
      'two\nlines.csv',
      'back\\slash;\x1b[31m.csv',
      'lost \ufffd.csv',
      ' .csv ',
    ];
    for (const name of names) {
      const path = join(IMPORTS_DIR, name);
      await writeFile(path, transactionsFile([transactionRow()]));
      const { importNo } = await house.house().chunker.importFile(path);
      await until('its reports are written', async () => (await countDueReports(database, importNo)) === 0);
      expect([name, (await readImport(database, importNo)).state]).toEqual([name, 'loaded']);
      const receipts = (await readdir(PROCESSED_DIR)).filter((one) => one.endsWith('.receipt.json'));
      const texts = await Promise.all(receipts.map((one) => readFile(join(PROCESSED_DIR, one), 'utf8')));
      expect(texts.filter((text) => (JSON.parse(text) as Receipt).file === name)).toHaveLength(1);
      expect(await readdir(IMPORTS_DIR)).toEqual(['.claimed']);
    }
    expect(await readdir(PROCESSED_DIR)).toHaveLength(2 * names.length);
  });
});
