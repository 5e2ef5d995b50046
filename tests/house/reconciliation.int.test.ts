import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { countDueReports } from '@passbook/imports';
import { until } from '@passbook/testing';
import {
  customerHeader,
  makeTradesHouse,
  readReconciliation,
  tradesFile,
  type ReconciliationJson,
  type TradesHouse,
} from './trades.js';

let trades: TradesHouse;
beforeEach(async () => {
  trades = await makeTradesHouse();
});
afterEach(() => trades.remove());

test('each row of both sides is in one class, and the classes add up to the rows read', async () => {
  await trades.importCustomers([
    { id: 'same' },
    { id: 'amount' },
    { id: 'currency' },
    { id: 'instrument' },
    { id: 'all' },
    { id: 'missing' },
    { id: 'small', amount: '5' },
    { id: 'reported', region: 'US', status: 'Pending' },
    { id: 'same', amount: '1200000.00' },
    { id: 'same', amount: '7' },
    { id: 'bad', amount: 'x' },
  ]);
  const { json, lines, page } = await readReconciliation(
    await trades.importRepository([
      { id: 'same', amount: '1200000.00', currency: ' usd', instrument: 'irs ' },
      { id: 'amount', amount: '1200000.01' },
      { id: 'currency', currency: 'EUR' },
      { id: 'instrument', instrument: 'FX' },
      { id: 'all', amount: '1', currency: 'GBP', instrument: 'FX' },
      { id: 'reported' },
      { id: 'unknown' },
      { id: 'unknown' },
      { id: 'bad too', timestamp: '2025-13-01T00:00:00Z' },
    ]),
  );
  expect(json).toMatchObject({
    customer_transaction_count: 8,
    eligible_customer_transactions_count: 6,
    global_trade_repository_count: 7,
    mismatched_records_count: 4,
    missing_customer_transaction_count: 1,
    reconciliation_error_counts: [{ amount: 2, currency: 2, instrument_type: 2 }],
  });
  expect(json.classes).toEqual({
    customer: {
      rows_read: 11,
      matched: 1,
      mismatched: 4,
      missing_in_repository: 1,
      not_eligible: 2,
      duplicate: 1,
      invalid: 2,
    },
    repository: {
      rows_read: 9,
      matched: 1,
      mismatched: 4,
      missing_in_customer: 1,
      not_eligible: 1,
      duplicate: 1,
      invalid: 1,
    },
  });
  expect(json.rules).toEqual([
    { rule: 'amount above 1000000', excluded: 1, excluded_alone: 1 },
    { rule: 'trade_type in New, Amend', excluded: 0, excluded_alone: 0 },
    { rule: 'status in Settled', excluded: 1, excluded_alone: 0 },
    { rule: 'region in EU, APAC', excluded: 1, excluded_alone: 0 },
  ]);
  expect(lines).toEqual([
    'all,mismatched,amount currency instrument_type,,1200000,1,USD,GBP,IRS,FX,customer_transactions-1.csv,6,gtr_report-2.csv,6',
    'amount,mismatched,amount,,1200000,1200000.01,USD,USD,IRS,IRS,customer_transactions-1.csv,3,gtr_report-2.csv,3',
    'currency,mismatched,currency,,1200000,1200000,USD,EUR,IRS,IRS,customer_transactions-1.csv,4,gtr_report-2.csv,4',
    'instrument,mismatched,instrument_type,,1200000,1200000,USD,USD,IRS,FX,customer_transactions-1.csv,5,gtr_report-2.csv,5',
    'missing,missing_in_repository,,,1200000,,USD,,IRS,,customer_transactions-1.csv,7,,',
    'unknown,missing_in_customer,,,,1200000,,USD,,IRS,,,gtr_report-2.csv,8',
    'reported,not_eligible,,"status in Settled; region in EU, APAC",1200000,1200000,USD,USD,IRS,IRS,customer_transactions-1.csv,9,gtr_report-2.csv,7',
  ]);
  expect(json.sample_discrepancy_rows.map(({ id }) => id)).toEqual(lines.map((line) => line.split(',')[0]));
  expect(page).toContain('status in Settled; region in EU, APAC');
});

test('exactly 1,000,000 is not eligible, and more is; texts are compared trimmed and without case', async () => {
  const { lines } = await readReconciliation(
    await trades.importCustomers([
      { id: 'equal', amount: '1000000' },
      { id: 'equal too', amount: '1000000.00' },
      { id: 'a cent more', amount: '1000000.01' },
      { id: 'a little more', amount: '01000000.00000000000000000001' },
      { id: 'less', amount: '999999.99' },
      { id: 'negative', amount: '-1200000' },
      { id: 'other letters', region: ' apac', type: 'AMEND', status: 'settled ' },
      { id: 'more letters', type: 'Renew' },
    ]),
  );
  expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual(
    ['a cent more', 'a little more', 'other letters'].map((id) => [id, 'missing_in_repository']),
  );
});

/** Another reconciliation than that of the definition; the services are started anew. */
const redefine = async (change: object): Promise<void> => {
  const path = join(trades.house.config.FEED_DEFINITIONS_DIR, 'customer_transactions.json');
  const definition = JSON.parse(await readFile(path, 'utf8')) as { reconciliation: object };
  await trades.house.close();
  await writeFile(
    path,
    JSON.stringify({ ...definition, reconciliation: { ...definition.reconciliation, ...change } }),
  );
  await trades.house.open();
};

/** What `passbook reconcile` does. */
const reconcile = async (): Promise<{ folder: string; json: ReconciliationJson }> => {
  const { REPORTS_DIR: reportsFolder } = trades.house.config;
  const feed = trades.house.house().feeds.find((one) => one.reconcile !== undefined)!;
  const signal = new AbortController().signal;
  const done = (await feed.reconcile!(trades.database, { reportsFolder, locale: 'en-US', signal }))!;
  return { folder: done.folder, json: JSON.parse(done.json) as ReconciliationJson };
};

const readFolder = async (folder: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder)).map(
        async (name) => [name, await readFile(join(folder, name), 'utf8')] as const,
      ),
    ),
  );

describe('what a report says', () => {
  test('changes with the definition alone', async () => {
    await trades.importCustomers([{ id: 'A' }, { id: 'B', amount: '900' }, { id: 'C', region: 'eu' }]);
    await trades.importRepository([
      { id: 'A', currency: 'usd' },
      { id: 'B', amount: '901' },
    ]);
    const before = await reconcile();
    expect(before.json.classes.customer).toMatchObject({
      matched: 1,
      missing_in_repository: 1,
      not_eligible: 1,
    });
    await redefine({ eligible: [{ column: 'amount', atLeast: 900 }], compares: ['amount'] });
    const after = await reconcile();
    expect(after.json.classes.customer).toMatchObject({
      matched: 1,
      mismatched: 1,
      missing_in_repository: 1,
    });
    expect(after.json.rules).toEqual([{ rule: 'amount at least 900', excluded: 0, excluded_alone: 0 }]);
    expect(after.folder).not.toBe(before.folder);
    await redefine({
      eligible: [{ column: 'region', in: ['EU'] }],
      compares: ['currency'],
      exactTexts: true,
    });
    const exact = await reconcile();
    expect(exact.json.classes.customer).toMatchObject({ matched: 1, mismatched: 1, not_eligible: 1 });
  });

  test('is not changed by a second run, nor by what was loaded since', async () => {
    await trades.importCustomers([{ id: 'A' }, { id: 'B' }]);
    const { importNo, reportFolder } = await trades.importRepository([{ id: 'A' }]);
    const before = await readFolder(reportFolder);
    const first = await reconcile();
    expect(await readFolder(first.folder)).toEqual(before);
    const second = await reconcile();
    expect(second).toEqual(first);
    expect(await readFolder(first.folder)).toEqual(before);
    const later = await readReconciliation(await trades.importRepository([{ id: 'B' }]));
    expect(later.json.classes.customer).toMatchObject({ matched: 2 });
    await redefine({ eligible: [] });
    await trades.database.query(`update reports set state = 'due' where import_no = $1`, [importNo]);
    await until('it is rendered again', async () => (await countDueReports(trades.database, importNo)) === 0);
    expect(await readFolder(reportFolder)).toEqual(before);
  });

  test('is the same in whatever order the files come', async () => {
    const customers = [{ id: 'A' }, { id: 'B' }, { id: 'C', region: 'US' }, { id: 'A' }];
    const repository = [{ id: 'A', amount: '1' }, { id: 'C' }, { id: 'D' }];
    await trades.importCustomers(customers);
    const one = await readReconciliation(await trades.importRepository(repository));
    const other = await makeTradesHouse();
    try {
      await other.importRepository(repository);
      const two = await readReconciliation(await other.importCustomers(customers));
      expect(two.json.classes).toEqual(one.json.classes);
      const withoutFiles = (lines: string[]): string[] => lines.map((line) => line.replace(/-\d\.csv/g, ''));
      expect(withoutFiles(two.lines)).toEqual(withoutFiles(one.lines));
    } finally {
      await other.remove();
    }
  });

  test('does not have cells that a spreadsheet would run', async () => {
    const ids = ['=1+1', '-5', '@x', "'=x", '+a', 'plain'];
    const { lines } = await readReconciliation(
      await trades.importRepository(ids.map((id) => ({ id, instrument: '=2' }))),
    );
    const cells = lines.map((line) => line.split(','));
    expect(cells.map(([id]) => id).sort()).toEqual(["''=x", "'+a", "'=1+1", "'@x", '-5', 'plain'].sort());
    expect(new Set(cells.map((row) => row[9]))).toEqual(new Set(["'=2"]));
  });
});

describe('a file', () => {
  test('without rows leaves the other side as it is', async () => {
    const empty = await readReconciliation(await trades.importRepository([]));
    expect(empty.json).toMatchObject({ customer_transaction_count: 0, global_trade_repository_count: 0 });
    expect(empty.lines).toEqual([]);
    expect(empty.page).toContain('There is none: both sides agree.');
    await trades.importRepository([{ id: 'A' }]);
    const { json } = await readReconciliation(await trades.importCustomers([]));
    expect(json.classes.repository).toMatchObject({ rows_read: 1, missing_in_customer: 1 });
    expect(json.classes.customer).toMatchObject({ rows_read: 0 });
  });

  test('that is dropped again counts once', async () => {
    const text = tradesFile(customerHeader, [{ id: 'A' }, { id: 'B' }]);
    await trades.house.importText(text, 'customer_transactions.csv');
    const again = await trades.house.importText(text, 'customer_transactions-again.csv');
    expect(again.receipt).toMatchObject({ rowsPosted: 0, rowsDuplicate: 2 });
    expect((await reconcile()).json.classes.customer).toMatchObject({
      rows_read: 2,
      missing_in_repository: 2,
      duplicate: 0,
    });
  });
});

test('rows that came over HTTP count in the next report', async () => {
  const feed = trades.house.house().feeds.find(({ name }) => name === 'customer_transactions')!;
  const row = ['H', '2025-04-01T13:45:00Z', '1200000', 'USD', 'IRS', 'EU', 'New', 'Settled'];
  expect(await feed.takeRows!(trades.database, [row], { timeZone: 'UTC' })).toMatchObject({ rowsPosted: 1 });
  const { json, lines } = await readReconciliation(await trades.importRepository([{ id: 'H', amount: '2' }]));
  expect(json.classes.customer).toMatchObject({ rows_read: 1, mismatched: 1 });
  expect(json.files).toMatchObject([{ side: 'customer', file: null, rows_read: 1 }, { side: 'repository' }]);
  expect(lines).toEqual(['H,mismatched,amount,,1200000,2,USD,USD,IRS,IRS,,,gtr_report-1.csv,2']);
});

test('a report that does not foot is not written, and says what is amiss', async () => {
  await trades.importCustomers([{ id: 'A' }, { id: 'B' }]);
  await trades.database.query(`delete from feed_customer_transactions where transaction_id = 'A'`);
  await expect(reconcile()).rejects.toThrow('of the customer side 2 rows were read, and 1 are in a class');
  const folder = (await readdir(trades.house.config.REPORTS_DIR)).find((name) =>
    name.startsWith('reconciliation-'),
  )!;
  expect(await readdir(join(trades.house.config.REPORTS_DIR, folder))).toEqual([]);
});
