import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { nameReportFolder, type DueReport } from '@passbook/imports';
import { countLockWaits, until } from '@passbook/testing';
import type { Imported } from './make-test-house.js';
import { makeTradesHouse, readReconciliation, type TradesHouse } from './trades.js';

let trades: TradesHouse;
beforeEach(async () => {
  trades = await makeTradesHouse();
});
afterEach(() => trades.remove());

/** Loads that wait until they may come to count. */
const countWaiting = (): Promise<number> =>
  countLockWaits(trades.database, '%declared_feeds%for no key update%');

test('of two loads that come to count at once, the later one waits, and its report knows the earlier', async () => {
  const imported = await trades.database.withTransaction(async (trx) => {
    // As whoever completes an import of customers does it: the rows, the lock, the load.
    await trx.query(
      `insert into feed_customer_transactions values (-7, 1, 'A', now(), 1200000, 'USD', 'IRS', 'EU', 'New', 'Settled')`,
    );
    await trx.query(`select from declared_feeds where name = 'customer_transactions' for no key update`);
    const other = trades.importRepository([{ id: 'A' }]);
    await until('the other load waits', async () => (await countWaiting()) === 1);
    await trx.query(
      `insert into feed_loads (import_no, feed, scope, rows_read, rows_posted, figures)
       values (-7, 'customer_transactions', '', 1, 1, '{}')`,
    );
    return { other };
  });
  const { json } = await readReconciliation(await imported.other);
  expect(json.classes.repository).toMatchObject({ matched: 1, missing_in_customer: 0 });
});

test('of files that are loaded at once only the last writes all; the reports of the others lead there', async () => {
  const both = await trades.database.withTransaction(async (trx) => {
    await trx.query('select from declared_feeds for no key update');
    const imports = [
      trades.importCustomers([{ id: 'A' }, { id: 'B' }]),
      trades.importRepository([{ id: 'A' }]),
    ];
    await until('one is to come to count while the other is being loaded', async () => {
      // Whoever comes last completes an import, a chunk or its number of chunks: the wait is in the transaction of either.
      const { rows } = await trades.database.query(
        `select from imports where state in ('reading', 'chunked')`,
      );
      return rows.length === 2 && (await countWaiting()) > 0;
    });
    return { imports };
  });
  const imports = (await Promise.all(both.imports)).sort(
    (one, other) => one.reports.length - other.reports.length,
  );
  const [overtaken, last] = imports as [Imported, Imported];
  expect(overtaken.reports).toEqual(['index.html']);
  const page = await readFile(join(overtaken.reportFolder, 'index.html'), 'utf8');
  const [, href] = /href="(\.\.[^"]+)"/.exec(page)!;
  expect(join(overtaken.reportFolder, decodeURIComponent(href!))).toBe(join(last.reportFolder, 'index.html'));
  const { json } = await readReconciliation(last);
  expect(json.files).toHaveLength(2);
  expect(json.classes.customer).toMatchObject({ matched: 1, missing_in_repository: 1 });
});

describe('while another file is being loaded, a report', () => {
  beforeEach(async () => {
    await trades.database.query(
      `insert into imports (id, file_name, sha256, size_bytes, feed, locale, state, lease_until)
       values (gen_random_uuid(), 'gtr_report-stuck.csv', '', 0, 'gtr_report', 'en-US', 'reading', 'infinity')`,
    );
  });
  const readDue = async (): Promise<{ isBegun: boolean; waits: number }[]> => {
    const { rows } = await trades.database.query<{ isBegun: boolean; waits: number }>(
      `select lease_token is not null as "isBegun", extract(epoch from lease_until - now())::double precision as waits
       from reports where state = 'due'`,
    );
    return rows;
  };

  test('waits for half a minute at most, and is written without it then', async () => {
    const imported = trades.importCustomers([{ id: 'A' }]);
    await until('the report is due', async () => (await readDue()).length === 1);
    const [{ isBegun, waits }] = (await readDue()) as [{ isBegun: boolean; waits: number }];
    expect(isBegun).toBe(false);
    expect(waits).toBeGreaterThan(0);
    expect(waits).toBeLessThanOrEqual(30);
    await trades.database.query(`update reports set lease_until = now()`);
    const { json } = await readReconciliation(await imported);
    expect(json.classes.customer).toMatchObject({ missing_in_repository: 1 });
  });

  test('waits no longer than the first that it overtakes, and all lead to the last', async () => {
    const imports = [trades.importCustomers([{ id: 'A' }])];
    await until('the first is due', async () => (await readDue()).length === 1);
    await trades.database.query(`update reports set lease_until = now() + interval '25 seconds'`);
    imports.push(trades.importRepository([{ id: 'A' }]), trades.importRepository([{ id: 'B' }]));
    await until('all are due', async () => (await readDue()).length === 3);
    expect((await readDue()).filter(({ waits, isBegun }) => isBegun || waits > 25)).toEqual([]);
    await trades.database.query(`update reports set lease_until = now()`);
    const folders = (await Promise.all(imports)).map(({ reportFolder, reports }) => ({
      reportFolder,
      reports,
    }));
    const [last] = folders.filter(({ reports }) => reports.length === 3);
    const overtaken = folders.filter(({ reports }) => reports.join() === 'index.html');
    expect(overtaken).toHaveLength(2);
    for (const { reportFolder } of overtaken)
      expect(await readFile(join(reportFolder, 'index.html'), 'utf8')).toContain(
        `"../${basename(last!.reportFolder)}/index.html"`,
      );
  });

  test('that is begun is written as it was due', async () => {
    const imported = trades.importCustomers([{ id: 'A' }]);
    await until('the report is due', async () => (await readDue()).length === 1);
    await trades.database.query(
      `update reports set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour'`,
    );
    const other = trades.importRepository([{ id: 'A' }]);
    await until('both are due', async () => (await readDue()).length === 2);
    await trades.database.query(`update reports set lease_until = now()`);
    const [first, second] = await Promise.all([imported, other]);
    expect((await readReconciliation(first)).json.files).toHaveLength(1);
    expect((await readReconciliation(second)).json.files).toHaveLength(2);
  });

  test('that failed and was overtaken since leaves nothing of what it had written', async () => {
    const imported = trades.importCustomers([{ id: 'A' }]);
    await until('the report is due', async () => (await readDue()).length === 1);
    const reports = trades.house.config.REPORTS_DIR;
    const { rows } = await trades.database.query<DueReport>(
      `select i.file_name as "fileName", i.id as "importId" from reports r join imports i on i.no = r.import_no`,
    );
    const folder = join(reports, nameReportFolder(rows[0]!.fileName, rows[0]!.importId));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'reconciliation_20250401_discrepancies.csv'), 'half');
    await trades.database.query(`delete from imports where file_name = 'gtr_report-stuck.csv'`);
    await trades.importRepository([{ id: 'A' }]);
    expect((await imported).reports).toEqual(['index.html']);
  });
});
