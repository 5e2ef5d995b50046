import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { seen, tagsOf } from './statement-figures.fixture.js';
import type { ImportIndexAccount, ImportIndexFigures } from './statement-figures.js';
import { renderIndexHtml } from './statement-index.js';

const account: ImportIndexAccount = {
  accountId: '7',
  last4: '2878',
  type: 'credit',
  clientName: 'Janet Shields',
  transactionCount: 1_200,
  closingMinor: -123_456n,
  currency: 'USD',
  htmlFile: 'account-7.html',
  jsonFile: 'account-7.json',
};

const render = (change: Partial<ImportIndexFigures> = {}): string =>
  renderIndexHtml({
    importId: '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df',
    file: 'a.csv',
    feed: 'transactions',
    rowsRead: 1_003n,
    rowsPosted: 1_000n,
    rowsDuplicate: 1n,
    rowsQuarantined: 2n,
    contradictions: 0,
    totals: [{ currency: 'USD', transactionCount: 1_200n, creditsMinor: 500n, debitsMinor: -123_956n }],
    accountCount: change.accounts?.length ?? 1,
    accounts: [account],
    locale: 'en-US',
    ...change,
  });

describe('a reader sees', () => {
  test.each<[string, Partial<ImportIndexFigures>]>([
    ['a.csv Kind of file transactions Import 9eedccfe-83fa-4166-b8ad-9b72b0e5f1df', {}],
    ['Posted 1,000 to 1 account Duplicate 1 posted before Quarantined 2 handed back Read 1,003', {}],
    ['1,234 posted rows told of another holder', { contradictions: 1_234n }],
    ['USD 1,200 $5.00 -$1,239.56 -$1,234.56', {}],
    ['1 account with at least one posted row', {}],
    ['2 accounts with at least one posted row', { accounts: [account, account] }],
    ['Janet Shields •••• 2878 credit 1,200 -$1,234.56 JSON', {}],
    ['-¥123,456', { accounts: [{ ...account, currency: 'JPY' }] }],
    ['-1.234,56 $', { locale: 'de-DE' }],
    ['3 accounts with at least one posted row; the first 1 are listed here', { accountCount: 3 }],
    ['2 rows were not posted. They are handed back in the folder for quarantine', {}],
    ['1 row was not posted.', { rowsQuarantined: 1 }],
    ['a.csv.rows.csv unless that name was taken', {}],
    ['npm run passbook -- outcome 9eedccfe', {}],
    ['No row was posted, so there is no statement.', { accounts: [], totals: [] }],
  ])('%s', (text, change) => expect(seen(render(change))).toContain(text));

  test('nothing of quarantine where no row is there', () => {
    expect(seen(render({ rowsQuarantined: 0 }))).not.toMatch(/not posted|outcome/);
  });

  test('nothing of contradictions where there are none', () => {
    expect(seen(render())).not.toContain('told of another');
  });
});

test('each statement is one click away, as a page and as JSON', () => {
  expect(render().match(/href="account[^"]*"/g)).toEqual(['href="account-7.html"', 'href="account-7.json"']);
});

test('text of a file adds no tag and no attribute, and stays within its own element', () => {
  const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&\`{{file}}</title>\u202e`;
  const html = render({
    file: hostile,
    accounts: [{ ...account, clientName: hostile, last4: hostile, type: hostile }],
  });
  expect(tagsOf(html)).toEqual(tagsOf(render()));
  const body = html.slice(html.indexOf('<body>'));
  expect(body.split('>&lt;script&gt;')).toHaveLength(1 + 5);
  expect(body.split('<bdi>&lt;script&gt;')).toHaveLength(1 + 5);
});

test('ten thousand accounts are ten thousand rows, in their order', () => {
  const accounts = Array.from({ length: 10_000 }, (_, at) => ({
    ...account,
    htmlFile: `account-${at}.html`,
  }));
  const links = [...render({ accounts }).matchAll(/href="account-(\d+)\.html"/g)].map(([, at]) => Number(at));
  expect(links).toEqual(accounts.map((_, at) => at));
});

test('loads nothing, and runs nothing but its own script', () => {
  const html = render();
  const [, script = ''] = /<script>([^]*?)<\/script>/.exec(html)!;
  const hash = createHash('sha256').update(script).digest('base64');
  expect(html).toContain(
    `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'"`,
  );
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toMatch(/https?:\/\/|<link|url\(|@import|\ssrc=|\son\w+=|innerHTML|eval/);
});
