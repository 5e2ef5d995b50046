import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeTestDatabase, makeTestFolder, type TestDatabase } from '@passbook/testing';
import { composeMessage } from '@passbook/mail';
import { renderTransactionLetters } from './render-letters.js';
import { renderLongStatement } from './render-long-statement.js';
import { renderTransactionReports } from './render-reports.js';
import { renderShortStatements } from './render-short-statements.js';
import type { StatementReport } from './report-figures.js';

const IMPORT_NO = 7;
const never = new AbortController().signal;
const mail = { from: { name: 'Passbook', address: 'passbook@localhost' } };

let database: TestDatabase;
let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await makeTestFolder();
});
afterEach(() => folder.remove());

let lastAccount = 0n;

/** Posts so many rows of a new account, some of them at the same moment, and one of another import between them. */
async function makeReport(rows: number, email: string | null = null): Promise<StatementReport> {
  const accountId = ++lastAccount;
  await database.query(
    `insert into transactions (account_id, import_no, id, occurred_at, amount_minor, line)
     select $1::bigint, case row when 1 then 1 else $2::integer end, md5($1::bigint || ' ' || row)::uuid,
            timestamptz '2020-02-28 22:00:00.25Z' + row / 3 * interval '7 hours', row * 7919 % 2001 - 1000, row
     from generate_series(1, $3::integer + 1) row`,
    [accountId, IMPORT_NO, rows],
  );
  const snapshot = { opening: '0', closing: '1', credits: '1', debits: '0', creditCount: 1, debitCount: 0 };
  const account = { last4: '2878', type: null, currency: 'USD', name: 'Janet Shields', email };
  return {
    no: accountId,
    importNo: IMPORT_NO,
    importId: '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df',
    fileName: 'a.csv',
    feed: 'transactions',
    locale: 'en-US',
    timeZone: 'Asia/Kathmandu',
    loadedAt: '2021-03-01T00:00:00.5Z',
    accountId,
    snapshot: { ...snapshot, ...account, rows },
  };
}

async function readFiles(path: string): Promise<Record<string, string>> {
  const names = (await readdir(path)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'utf8')])),
  ) as Record<string, string>;
}

interface Json {
  months: { month: string; count: number }[];
  transactions: { id: string; occurredAt: string; amount: string }[];
}

describe('a statement', () => {
  test.each([1, 2, 999, 1_000, 1_001, 2_500])(
    'of %d rows is the same bytes whether or not it fits into memory',
    async (rows) => {
      const report = await makeReport(rows, 'janet@example.com');
      const [short, long] = [join(folder.path, 'short'), join(folder.path, 'long')];
      await mkdir(short);
      await mkdir(long);
      await renderShortStatements(database, [report], short, mail, never);
      await renderLongStatement(database, report, long, mail, never);
      const files = await readFiles(short);
      expect(Object.keys(files)).toEqual([
        `account-${report.accountId}.eml`,
        `account-${report.accountId}.html`,
        `account-${report.accountId}.json`,
      ]);
      expect(await readFiles(long)).toEqual(files);
    },
  );

  test('has what its import posted to its account alone, the newest first, and each month of it', async () => {
    const reports = [await makeReport(300), await makeReport(5_001), await makeReport(20)];
    await renderTransactionReports(database, reports, folder.path, null, never);
    for (const { accountId } of reports) {
      const { rows } = await database.query<{ id: string; occurredAt: string; amount: bigint }>(
        `select id, occurred_at as "occurredAt", amount_minor as amount from transactions
         where account_id = $1 and import_no = $2 order by occurred_at desc, id`,
        [accountId, IMPORT_NO],
      );
      const { rows: months } = await database.query<{ month: string; count: number }>(
        `select to_char(occurred_at at time zone 'Asia/Kathmandu', 'YYYY-MM') as month, count(*)::integer as count
         from transactions where account_id = $1 and import_no = $2 group by 1 order by 1`,
        [accountId, IMPORT_NO],
      );
      const json = JSON.parse(await readFile(join(folder.path, `account-${accountId}.json`), 'utf8')) as Json;
      const seen = json.transactions.map((one) => ({ ...one, amount: BigInt(one.amount.replace('.', '')) }));
      expect(seen).toEqual(rows);
      expect(json.months.map(({ month, count }) => ({ month, count }))).toEqual(months);
    }
  });

  test('is there of each account, however many fit into one query', async () => {
    const reports = await Promise.all(Array.from({ length: 13 }, () => makeReport(4_000)));
    await renderTransactionReports(database, reports, folder.path, null, never);
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.html'))).toHaveLength(13);
  });
});

describe('the mail of a statement', () => {
  test('is a file where the holder has an address that mail can be sent to, and only if it is asked for', async () => {
    const reports = [
      await makeReport(3, 'janet@example.com'),
      await makeReport(3, '../x@example.com'),
      await makeReport(3),
    ];
    await renderTransactionReports(database, reports, folder.path, null, never);
    const emls = async () => (await readdir(folder.path)).filter((name) => name.endsWith('.eml'));
    expect(await emls()).toEqual([]);
    await renderTransactionReports(database, reports, folder.path, mail, never);
    expect(await emls()).toEqual([`account-${reports[0]!.accountId}.eml`]);
  });

  test('that is sent is the one that is written, of each size and in the order of the reports', async () => {
    const sizes = [3, 20_001, 1, 5_001, 19_000, 2];
    const reports = await Promise.all(
      sizes.map((size, at) => makeReport(size, at === 2 ? null : `a${at}@example.com`)),
    );
    const written = reports.filter((_report, at) => at !== 2);
    await renderTransactionReports(database, reports, folder.path, mail, never);
    const sent: bigint[] = [];
    for await (const { accountId, letter } of renderTransactionLetters(database, reports, never)) {
      sent.push(accountId);
      const bytes = await composeMessage(letter, mail.from);
      expect(bytes.equals(await readFile(join(folder.path, `account-${accountId}.eml`)))).toBe(true);
    }
    expect(sent).toEqual(written.map((report) => report.accountId));
  });
});

test.each([
  ['short', 3],
  ['long', 6_000],
])('%s statements: when the signal aborts they end, and leave nothing unfinished', async (_what, rows) => {
  const reports = await Promise.all(Array.from({ length: 20 }, () => makeReport(rows)));
  const stopping = new AbortController();
  let asked = 0;
  // The signal of somebody who stops us when the work is well under way.
  const signal = {
    throwIfAborted() {
      if (++asked === 20) stopping.abort(new Error('stopped'));
      stopping.signal.throwIfAborted();
    },
  } as AbortSignal;
  await expect(renderTransactionReports(database, reports, folder.path, null, signal)).rejects.toThrow(
    'stopped',
  );
  const left = await readdir(folder.path);
  expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(left.length).toBeLessThan(2 * reports.length);
});

test('short statements: others have their turn between any two', async () => {
  const reports = await Promise.all(Array.from({ length: 50 }, () => makeReport(3)));
  const turnAt: number[] = [];
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  // It is asked before each statement.
  const signal = { throwIfAborted: () => turnAt.push(turns) } as unknown as AbortSignal;
  await renderTransactionReports(database, reports, folder.path, null, signal);
  isOver = true;
  expect(new Set(turnAt).size).toBe(reports.length);
});
