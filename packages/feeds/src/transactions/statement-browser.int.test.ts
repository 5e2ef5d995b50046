import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findViolations, makeTestFolder, openTestBrowser, type TestBrowser } from '@passbook/testing';
import { sampleReport } from '../declared/report.fixture.js';
import { renderReportHtml } from '../declared/report-html.js';
import { statementCalendar } from './statement-calendar.js';
import { listed, sampleAccount, sampleFigures, sampleId } from './statement-figures.fixture.js';
import type { ImportIndexFigures, StatementFigures } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { renderIndexHtml } from './statement-index.js';
import { makeMonthSums } from './statement-months.js';

let browser: TestBrowser;
let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeAll(async () => {
  browser = await openTestBrowser();
  folder = await makeTestFolder();
});
afterAll(async () => {
  await browser.close();
  await folder.remove();
});

const DAY_MS = 86_400_000;

/** A statement of so many transactions, credits and debits by turns, over so many months. */
function render(rows: number, months: number, change: Partial<StatementFigures> = {}): string {
  const newest = Array.from({ length: rows }, (_, at) => ({
    id: sampleId,
    occurredAt: new Date(Date.UTC(2022, 0, 31) - (at * months * 30 * DAY_MS) / rows).toISOString(),
    amountMinor: BigInt((at % 2 === 0 ? 7 : -5) * (at + 1) * 1_117),
  }));
  const sums = makeMonthSums(statementCalendar('en-US', 'UTC'));
  for (const row of newest) sums.add(row);
  const of = (sum: 'credits' | 'debits'): bigint =>
    sums.months().reduce((all, month) => all + month[sum], 0n);
  const [totalCreditsMinor, totalDebitsMinor] = [of('credits'), of('debits')];
  const figures = sampleFigures({
    transactionCount: rows,
    months: sums.months(),
    totalCreditsMinor,
    totalDebitsMinor,
  });
  const whole = { ...figures, ...change };
  return renderStatementHtml(whole, listed(whole, newest));
}

const accounts = ['José García', 'Janet Shields', 'x'.repeat(200)].map((clientName, at) => ({
  accountId: String(at),
  last4: `100${at}`,
  type: at === 0 ? 'debit' : 'credit',
  clientName,
  transactionCount: 1_000,
  closingMinor: -123_456_789n,
  currency: 'USD',
  htmlFile: `account-${at}.html`,
  jsonFile: `account-${at}.json`,
}));

const renderIndex = (change: Partial<ImportIndexFigures> = {}): string =>
  renderIndexHtml({
    importId: sampleId,
    file: 'a.csv',
    feed: 'transactions',
    rowsRead: 5,
    rowsPosted: 3,
    rowsDuplicate: 0,
    rowsQuarantined: 2,
    contradictions: 1,
    totals: [{ currency: 'USD', transactionCount: 3, creditsMinor: 100_000_000n, debitsMinor: -1n }],
    accountCount: 3,
    accounts,
    locale: 'en-US',
    ...change,
  });

const of = (name: string): Partial<StatementFigures> => ({ client: { name, email: null } });
const inCurrency = (currency: string): Partial<StatementFigures> => ({
  account: { ...sampleAccount, currency },
});

const pages = new Map([
  ['a statement of 5 transactions', render(5, 3)],
  ['a statement of 1,000 transactions', render(1_000, 24)],
  ['a statement of one', render(1, 1)],
  ['a statement of none', renderStatementHtml(sampleFigures({ transactionCount: 0, months: [] }), [])],
  ['a statement of 13 months', render(26, 13)],
  ['a statement of 60 months', render(60, 60)],
  ['a statement in yen', render(5, 3, { ...inCurrency('JPY'), locale: 'ja-JP' })],
  ['a statement in dinars', render(40, 12, inCurrency('KWD'))],
  ['a statement with Arabic digits', render(5, 3, { ...inCurrency('KWD'), locale: 'ar-EG' })],
  ['a statement below zero', render(5, 3, { openingMinor: -900_000n, closingMinor: -1n })],
  [
    'a statement of sums without end',
    render(5, 3, { openingMinor: 9n * 10n ** 18n, closingMinor: -9n * 10n ** 18n }),
  ],
  ['a statement of a name of 200 characters', render(5, 3, of('x'.repeat(200)))],
  ['a statement of a name from right to left', render(5, 3, of('محمد عبد الله الصباح'))],
  ['a statement of a script', render(5, 3, of('<script>document.title = "run"</script>'))],
  ['an index with quarantined rows', renderIndex()],
  [
    'an index of nothing',
    renderIndex({ rowsQuarantined: 0, contradictions: 0, totals: [], accountCount: 0, accounts: [] }),
  ],
  ['a report of ratings', renderReportHtml(...sampleReport())],
  ['a report of a superseded file', renderReportHtml(...sampleReport({ isSuperseded: true, rows: [] }))],
]);

async function open(html: string, width: number, scheme?: 'light' | 'dark') {
  const path = join(folder.path, 'page.html');
  await writeFile(path, html);
  const page = await browser.openPage({ width, ...(scheme && { scheme }) });
  await page.goto(`file://${path}`);
  return page;
}

type Look = [name: string, width: number, scheme: 'light' | 'dark'];

test.each<Look>([
  ['a statement of 5 transactions', 1_280, 'light'],
  ['a statement of 5 transactions', 375, 'dark'],
  ['a statement of 1,000 transactions', 1_280, 'light'],
  ['a statement of none', 375, 'light'],
  ['a statement of 13 months', 375, 'light'],
  ['a statement of 13 months', 1_280, 'dark'],
  ['an index with quarantined rows', 375, 'light'],
  ['an index with quarantined rows', 1_280, 'dark'],
  ['an index of nothing', 1_280, 'light'],
  ['a report of ratings', 1_280, 'light'],
  ['a report of ratings', 375, 'dark'],
  ['a report of a superseded file', 1_280, 'dark'],
])('%s breaks no rule of axe-core (%d wide, %s)', async (name, width, scheme) => {
  const page = await open(pages.get(name)!, width, scheme);
  expect(await findViolations(page)).toEqual([]);
  await page.close();
});

test.each([...pages])('%s is never wider than its window', async (_name, html) => {
  const page = await open(html, 320);
  for (const width of [320, 375, 641, 768, 900, 1_280, 1_600]) {
    await page.setViewportSize({ width, height: 900 });
    const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect([width, beyond]).toEqual([width, 0]);
  }
  await page.close();
});

/** Where elements begin, in pixels below the top of the window. */
const topsOf = (selector: string): string =>
  `[...document.querySelectorAll('${selector}')].map((one) => Math.round(one.getBoundingClientRect().top))`;

test('opening balance, credits, debits and closing balance stand on one line, and on a phone below one another', async () => {
  const page = await open(render(5, 3), 1_280);
  const tops = (): Promise<number[]> => page.evaluate(topsOf('.sum .amount'));
  expect(new Set(await tops()).size).toBe(1);
  await page.setViewportSize({ width: 375, height: 900 });
  expect(new Set(await tops()).size).toBe(4);
  await page.close();
});

test('each figure of a report stands below its name, and on a phone beside it', async () => {
  const page = await open(renderReportHtml(...sampleReport()), 1_280);
  const tops = (): Promise<number[]> => page.evaluate(topsOf('.figures tbody tr:first-child > *'));
  expect(new Set(await tops()).size).toBe(1);
  expect(await page.isVisible('.figures thead')).toBe(true);
  await page.setViewportSize({ width: 375, height: 900 });
  expect(new Set(await tops()).size).toBe(6);
  const name = `getComputedStyle(document.querySelector('.figures td'), '::before').content`;
  expect(await page.evaluate(name)).toBe('"Count customer number"');
  await page.close();
});

test('the name of the month stays in sight among its transactions, at any width', async () => {
  for (const width of [375, 1_280]) {
    const page = await open(render(1_000, 3), width);
    await page.evaluate('document.querySelectorAll(".list tr")[200].scrollIntoView()');
    const tops = await page.evaluate<number[]>(topsOf('.month th'));
    expect([width, tops.filter((top) => top >= 0 && top < 30).length]).toEqual([width, 1]);
    await page.close();
  }
});

test('a script in a name is text, and nothing is run', async () => {
  const name = '<script>document.title = "run"</script>';
  const page = await open(render(5, 3, of(name)), 375);
  expect(await page.textContent('h1')).toBe(name);
  expect(await page.title()).not.toBe('run');
  await page.close();
});

test('printed it is black on white, and no row is cut', async () => {
  const page = await open(render(40, 3), 700, 'dark');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const look = (selector: string, property: string): Promise<unknown> =>
    page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`);
  expect(await look('main', 'backgroundColor')).toBe('rgb(255, 255, 255)');
  expect(await look('main', 'color')).toBe('rgb(0, 0, 0)');
  expect(await look('.list tbody tr', 'breakInside')).toBe('avoid');
  await page.close();
});

describe('the search of an index, from the disk', () => {
  test.each([
    ['garcia', ['José García']],
    ['GARCÍA debit 1000', ['José García']],
    ['1001', ['Janet Shields']],
    ['s', ['José García', 'Janet Shields']],
    ['nobody', []],
  ])('%s', async (text, names) => {
    const page = await open(renderIndex({ accounts: accounts.slice(0, 2) }), 375);
    await page.fill('input[type=search]', text);
    expect(await page.locator('.accounts tbody th:visible').allTextContents()).toEqual(names);
    expect(await page.textContent('output')).toBe(`${names.length} of 2 found`);
    await page.fill('input[type=search]', '');
    expect(await page.locator('.accounts tbody th:visible').count()).toBe(2);
    await page.close();
  });
});
