import { describe, expect, test } from '@jest/globals';
import type { StatementFigures, StatementTransaction } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';
import { renderIndexHtml } from './statement-index.js';
import { makeStatementJson } from './statement-json.js';

const id = '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df';

function figuresOf(change: Partial<StatementFigures> = {}): StatementFigures {
  return {
    import: { id, file: 'a.csv' },
    account: { id: '7', last4: '2878', type: 'credit', currency: 'USD' },
    client: { name: 'Janet Shields', email: 'janet@example.com' },
    openingMinor: 1000n,
    closingMinor: 1255n,
    totalCreditsMinor: 1255n,
    totalDebitsMinor: -1000n,
    creditCount: 2,
    debitCount: 3,
    transactionCount: 6,
    months: [
      { month: '2021-01', count: 4, credits: 1255n, debits: -500n, creditCount: 2, debitCount: 1 },
      { month: '2022-01', count: 2, credits: 0n, debits: -500n, creditCount: 0, debitCount: 2 },
    ],
    locale: 'en-US',
    timeZone: 'UTC',
    ...change,
  };
}

const transaction = (amountMinor: bigint, occurredAt = '2021-01-31T23:30:00Z'): StatementTransaction => ({
  id,
  occurredAt,
  amountMinor,
});

/** The JSON as a whole, read again. */
function readJson(
  figures: StatementFigures,
  transactions: readonly StatementTransaction[] = [],
): Record<string, unknown> {
  const json = makeStatementJson(figures);
  const text =
    json.head + transactions.map((one, at) => json.transaction(one, at === 0)).join('') + json.tail;
  return JSON.parse(text) as Record<string, unknown>;
}

/** What a reader sees: text without tags, blanks as one. */
const textOf = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>|<title>[^]*?<\/title>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');

describe('the JSON of a statement', () => {
  test('has the keys that programs rely on, the transactions last', () => {
    const json = readJson(figuresOf(), [transaction(-5n)]);
    expect(Object.keys(json)).toEqual([
      'import',
      'account',
      'client',
      'openingBalance',
      'closingBalance',
      'totalCredits',
      'totalDebits',
      'transactionCount',
      'creditCount',
      'debitCount',
      'averageCredit',
      'averageDebit',
      'months',
      'transactions',
    ]);
    expect(json['transactions']).toEqual([{ id, occurredAt: '2021-01-31T23:30:00Z', amount: '-0.05' }]);
    expect(json['months']).toEqual([
      {
        month: '2021-01',
        count: 4,
        credits: '12.55',
        debits: '-5.00',
        averageCredit: '6.28',
        averageDebit: '-5.00',
      },
      {
        month: '2022-01',
        count: 2,
        credits: '0.00',
        debits: '-5.00',
        averageCredit: null,
        averageDebit: '-2.50',
      },
    ]);
    expect(json['account']).toEqual({ id: '7', last4: '2878', type: 'credit', currency: 'USD' });
    expect(json['client']).toEqual({ name: 'Janet Shields', email: 'janet@example.com' });
    expect(json['import']).toEqual({ id, file: 'a.csv' });
  });

  test.each<[string, Partial<StatementFigures>, string | null, string | null]>([
    [
      'rounded half away from zero',
      { totalCreditsMinor: 125n, creditCount: 2, totalDebitsMinor: -125n, debitCount: 2 },
      '0.63',
      '-0.63',
    ],
    [
      'null where there is nothing to average',
      { creditCount: 0, totalCreditsMinor: 0n, debitCount: 0, totalDebitsMinor: 0n },
      null,
      null,
    ],
    [
      'in the decimals of the currency',
      {
        account: { id: '7', last4: '1', type: null, currency: 'JPY' },
        totalCreditsMinor: 5n,
        creditCount: 2,
      },
      '3',
      '-333',
    ],
    [
      'exact beyond what a float holds',
      { totalCreditsMinor: 9_007_199_254_740_993n * 3n, creditCount: 3 },
      '90071992547409.93',
      '-3.33',
    ],
  ])('has averages that are %s', (_what, change, credit, debit) => {
    expect(readJson(figuresOf(change))).toMatchObject({ averageCredit: credit, averageDebit: debit });
  });

  test('without transactions is valid, too', () => {
    expect(readJson(figuresOf({ transactionCount: 0 }))['transactions']).toEqual([]);
  });
});

describe('the page of a statement', () => {
  test('shows the same figures as the JSON, debits negative', () => {
    const text = textOf(renderStatementHtml(figuresOf(), [transaction(1255n), transaction(-5n)]));
    for (const shown of [
      'Opening balance $10.00',
      'Total credits +$12.55',
      'Total debits -$10.00',
      'Closing balance $12.55',
      'Credits 2 $12.55 $6.28',
      'Debits 3 -$10.00 -$3.33',
      'January 2021 4 $12.55 -$5.00 $6.28 -$5.00',
      'January 2022 2 $0.00 -$5.00 – -$2.50',
      '+$12.55',
      '-$0.05',
    ]) {
      expect(text).toContain(shown);
    }
  });

  test('shows a dash where there is nothing to average, never NaN', () => {
    const text = textOf(
      renderStatementHtml(
        figuresOf({ creditCount: 0, totalCreditsMinor: 0n, debitCount: 0, totalDebitsMinor: 0n, months: [] }),
        [],
      ),
    );
    expect(text).toContain('Credits 0 $0.00 –');
    expect(text).not.toMatch(/NaN|null|undefined/);
  });

  test('says when it shows the newest transactions only', () => {
    const newest = Array.from({ length: 1000 }, () => transaction(1n));
    expect(textOf(renderStatementHtml(figuresOf({ transactionCount: 300_000 }), newest))).toContain(
      'The newest 1,000 of 300,000 transactions',
    );
    expect(textOf(renderStatementHtml(figuresOf({ transactionCount: 1000 }), newest))).toContain(
      'The newest first',
    );
  });

  test.each([
    ['de-DE', 'Europe/Berlin', ['Endsaldo'], ['12,55 $', 'Januar 2021', '01.02.2021', '00:30:00']],
    ['en-GB', 'America/New_York', [], ['US$12.55', 'January 2021', '31 Jan 2021', '18:30:00']],
    ['ja-JP', 'Asia/Tokyo', [], ['2021年1月', '8:30:00']],
  ])('writes amounts and times as %s in %s does', (locale, timeZone, absent, shown) => {
    const html = renderStatementHtml(figuresOf({ locale, timeZone }), [transaction(1255n)]);
    expect(html).toContain(`<html lang="${locale}">`);
    for (const one of shown) expect(textOf(html)).toContain(one);
    for (const one of absent) expect(textOf(html)).not.toContain(one);
  });

  test('is exact beyond what a float holds', () => {
    expect(textOf(renderStatementHtml(figuresOf({ closingMinor: 9_007_199_254_740_993n }), []))).toContain(
      '$90,071,992,547,409.93',
    );
  });

  test('is the same bytes at each try', () => {
    const render = (): string => renderStatementHtml(figuresOf(), [transaction(1n)]);
    expect(render()).toBe(render());
  });
});

const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&\`{{constructor}}\u202e`;

test('text of a file cannot become markup, neither in a statement nor in the index', () => {
  const statement = renderStatementHtml(
    figuresOf({
      client: { name: hostile, email: hostile },
      import: { id, file: hostile },
      account: { id: '7', last4: hostile, type: hostile, currency: 'USD' },
    }),
    [{ ...transaction(1n), id: hostile }],
  );
  const index = renderIndexHtml({
    importId: hostile,
    file: hostile,
    feed: hostile,
    locale: 'en-US',
    rowsRead: 3,
    rowsPosted: 1,
    rowsDuplicate: 1,
    rowsQuarantined: 1,
    contradictions: 1,
    accounts: [
      {
        accountId: '7',
        last4: hostile,
        type: hostile,
        clientName: hostile,
        transactionCount: 1,
        closingMinor: 1n,
        currency: 'USD',
        htmlFile: 'account-7.html',
        jsonFile: 'account-7.json',
      },
    ],
  });
  for (const html of [statement, index]) {
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>[^&]/);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/https?:/);
  }
  expect(textOf(index)).toContain('Posted 1 Duplicate 1 Quarantined 1 Read 3');
});

test('a name of ten thousand characters does not break a page', () => {
  const html = renderStatementHtml(figuresOf({ client: { name: 'x'.repeat(10_000), email: null } }), []);
  expect(html).toContain('x'.repeat(10_000));
});

test('an import without a posted row has an index that says so', () => {
  const html = renderIndexHtml({
    importId: id,
    file: 'a.csv',
    feed: 'transactions',
    locale: 'en-US',
    rowsRead: 0,
    rowsPosted: 0,
    rowsDuplicate: 0,
    rowsQuarantined: 0,
    contradictions: 0,
    accounts: [],
  });
  expect(textOf(html)).toContain('No row was posted');
});
