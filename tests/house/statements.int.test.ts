import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readImport } from '@passbook/imports';
import { newAccountNumber, transactionRow, type TestDatabase } from '@passbook/testing';
import { type TestHouse, useTestHouses } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
useTestHouses((made) => void ({ house, database } = made));

describe('a statement', () => {
  test('keeps months of different years apart', async () => {
    const account = newAccountNumber();
    const times = ['2021-01-05 00:00:00', '2022-01-05 00:00:00', '2022-01-06 00:00:00'];
    const { statements } = await house.importRows(times.map((time) => transactionRow({ account, time })));
    expect(statements[0]!.months.map(({ month, count }) => [month, count])).toEqual([
      ['2021-01', 1],
      ['2022-01', 2],
    ]);
  });

  test('is made for each of two accounts with one e-mail address', async () => {
    const email = 'same@example.com';
    const { statements, receipt, reports } = await house.importRows([
      transactionRow({ email }),
      transactionRow({ email }),
    ]);
    expect(receipt.accounts).toBe(2);
    expect(statements.map((one) => one.client.email)).toEqual([email, email]);
    expect(reports.filter((name) => name.endsWith('.html'))).toHaveLength(3);
  });

  test('of a holder whose address is a path harms nothing', async () => {
    const { statements, reports } = await house.importRows([transactionRow({ email: '../../x@y' })]);
    expect(statements[0]!.client.email).toBe('../../x@y');
    const { id } = statements[0]!.account;
    expect(reports).toEqual([`account-${id}.html`, `account-${id}.json`, 'index.html']);
    const all = await readdir(house.path, { recursive: true });
    expect(all.filter((name) => name.includes('x@y'))).toEqual([]);
  });

  test('continues at the closing balance of the import before', async () => {
    const account = newAccountNumber();
    const first = await house.importRows([transactionRow({ account, amount: '10.00' })]);
    const second = await house.importRows([transactionRow({ account, amount: '-2.50' })]);
    expect(first.statements[0]).toMatchObject({ openingBalance: '0.00', closingBalance: '10.00' });
    expect(second.statements[0]).toMatchObject({
      openingBalance: '10.00',
      totalDebits: '-2.50',
      closingBalance: '7.50',
    });
  });

  test('escapes what a file says', async () => {
    const row = transactionRow({ first: '<script>alert(1)</script>', last: '"""&"' });
    const { statements, reportFolder } = await house.importRows([row]);
    for (const file of [`account-${statements[0]!.account.id}.html`, 'index.html']) {
      const html = await readFile(join(reportFolder, file), 'utf8');
      // The index has one script, its own.
      expect(html.match(/<script/g) ?? []).toHaveLength(file === 'index.html' ? 1 : 0);
      expect(html).toContain('&lt;script&gt;');
    }
  });

  test('of more rows than fit one message is one: the newest on the page, all in the JSON', async () => {
    const account = newAccountNumber();
    const rows = Array.from({ length: 12_000 }, (_, at) =>
      transactionRow({
        account,
        amount: at % 2 === 0 ? '-0.02' : '0.01',
        time: `2021-03-${String(1 + (at % 28)).padStart(2, '0')} 10:00:00`,
      }),
    );
    const { receipt, statements, importNo, reportFolder } = await house.importRows(rows);
    expect(receipt).toMatchObject({ rowsPosted: 12_000, accounts: 1, amountPosted: '-60.00' });
    expect(statements).toHaveLength(1);
    expect(new Set(statements[0]!.transactions.map((one) => one.id)).size).toBe(12_000);
    expect((await readImport(database, importNo)).chunksSent).toBeGreaterThan(1);
    const html = await readFile(join(reportFolder, `account-${statements[0]!.account.id}.html`), 'utf8');
    expect(html).toMatch(/newest 1,000/i);
  });
});
