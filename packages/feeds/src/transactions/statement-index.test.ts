import { describe, expect, test } from '@jest/globals';
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
    accountCount: change.accounts?.length ?? 1,
    accounts: [account],
    locale: 'en-US',
    ...change,
  });

/** What a reader sees: text without tags, blanks as one. */
const seen = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>|<title>[^]*?<\/title>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');

describe('a reader sees', () => {
  test.each<[string, Partial<ImportIndexFigures>]>([
    ['a.csv Import 9eedccfe-83fa-4166-b8ad-9b72b0e5f1df Kind of file transactions', {}],
    ['Posted + duplicate + quarantined = read Posted 1,000 Duplicate 1 Quarantined 2 Read 1,003', {}],
    ['Contradictions: 0', {}],
    ['Contradictions: 1,234', { contradictions: 1_234n }],
    ['1 account with at least one posted row', {}],
    ['2 accounts with at least one posted row', { accounts: [account, account] }],
    ['Janet Shields •••• 2878 credit 1,200 -$1,234.56 JSON', {}],
    ['-¥123,456', { accounts: [{ ...account, currency: 'JPY' }] }],
    ['-1.234,56 $', { locale: 'de-DE' }],
    ['3 accounts with at least one posted row; the first 1 are listed here', { accountCount: 3 }],
    ['in a file whose name ends in .rows.csv.', {}],
    ['No row was posted, so there is no statement.', { accounts: [] }],
  ])('%s', (text, change) => expect(seen(render(change))).toContain(text));

  test('nothing of quarantine where no row is there', () => {
    expect(seen(render({ rowsQuarantined: 0 }))).not.toContain('quarantined rows');
  });
});

test('each statement is one click away, as a page and as JSON', () => {
  expect(render().match(/href="[^"]*"/g)).toEqual(['href="account-7.html"', 'href="account-7.json"']);
});

test('text of a file adds no tag and no attribute, and stays within its own element', () => {
  const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&\`{{file}}</title>\u202e`;
  const tagsOf = (html: string): string[] =>
    [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
  const html = render({
    file: hostile,
    accounts: [{ ...account, clientName: hostile, last4: hostile, type: hostile }],
  });
  expect(tagsOf(html)).toEqual(tagsOf(render()));
  const body = html.slice(html.indexOf('<body>'));
  expect(body.split('>&lt;script&gt;')).toHaveLength(1 + 4);
  expect(body.split('<bdi>&lt;script&gt;')).toHaveLength(1 + 4);
});

test('ten thousand accounts are ten thousand rows, in their order', () => {
  const accounts = Array.from({ length: 10_000 }, (_, at) => ({
    ...account,
    htmlFile: `account-${at}.html`,
  }));
  const links = [...render({ accounts }).matchAll(/href="account-(\d+)\.html"/g)].map(([, at]) => Number(at));
  expect(links).toEqual(accounts.map((_, at) => at));
});

test('loads nothing, runs nothing and leads to nothing but the files beside it', () => {
  const html = render();
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).not.toMatch(/https?:|<script|<link|url\(|@import|\ssrc=|\son\w+=/);
});
