import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import type { StatementFigures, StatementMonth, StatementTransaction } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';

const id = '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df';
const account = { id: '7', last4: '2878', type: 'credit', currency: 'USD' };
const january: StatementMonth = {
  month: '2021-01',
  count: 4,
  credits: 1255n,
  debits: -500n,
  creditCount: 2,
  debitCount: 1,
};

function figuresOf(change: Partial<StatementFigures> = {}): StatementFigures {
  return {
    import: { id, file: 'a.csv' },
    account,
    client: { name: 'Janet Shields', email: 'janet@example.com' },
    openingMinor: 1000n,
    closingMinor: 1255n,
    totalCreditsMinor: 1255n,
    totalDebitsMinor: -1000n,
    creditCount: 2,
    debitCount: 3,
    transactionCount: 6,
    months: [
      january,
      { month: '2022-01', count: 2, credits: 0n, debits: -500n, creditCount: 0, debitCount: 2 },
    ],
    locale: 'en-US',
    timeZone: 'UTC',
    ...change,
  };
}

const nothing = { totalCreditsMinor: 0n, creditCount: 0, totalDebitsMinor: 0n, debitCount: 0, months: [] };

const transaction = (amountMinor: bigint): StatementTransaction => ({
  id,
  occurredAt: '2021-01-31T23:30:00Z',
  amountMinor,
});

/** What a reader sees: text without tags, blanks as one. */
const seen = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>|<title[^]*?<\/title>|<desc[^]*?<\/desc>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');

const render = (change: Partial<StatementFigures> = {}, newest: readonly StatementTransaction[] = []) =>
  renderStatementHtml(figuresOf(change), newest);

describe('a reader sees', () => {
  test.each([
    'Janet Shields',
    'Account •••• 2878 Type credit Currency USD',
    'File a.csv',
    'Opening balance $10.00 Total credits +$12.55 Total debits -$10.00 Closing balance $12.55',
    '6 transactions',
    'Credits 2 $12.55 $6.28',
    'Debits 3 -$10.00 -$3.33',
    'Amounts of zero 1 $0.00 $0.00',
    'January 2021 4 $12.55 -$5.00 $6.28 -$5.00',
    'January 2022 2 $0.00 -$5.00 – -$2.50',
    'Jan 2021 Jan 2022',
    'Credits, up to $12.55 a month',
    'Debits, up to -$5.00 a month',
    `Jan 31, 2021 11:30:00 PM ${id} +$12.55`,
    `${id} -$0.05`,
    `${id} $0.00`,
  ])('%s', (text) => {
    expect(seen(render({}, [transaction(1255n), transaction(-5n), transaction(0n)]))).toContain(text);
  });

  test('a dash where there is nothing to average, and no NaN', () => {
    const text = seen(render(nothing));
    expect(text).toContain('Credits 0 $0.00 – Debits 0 $0.00 –');
    expect(text).not.toMatch(/NaN|null|undefined|Months/);
  });

  test('credits and debits alone where no amount is zero', () => {
    expect(seen(render({ transactionCount: 5 }))).not.toContain('Amounts of zero');
  });

  test('which transactions are listed, when not all are', () => {
    const newest = Array.from({ length: 1000 }, () => transaction(1n));
    expect(seen(render({ transactionCount: 300_000 }, newest))).toContain(
      'The newest 1,000 of 300,000 transactions; the JSON file beside this page has all of them.',
    );
    expect(seen(render({ transactionCount: 1000 }, newest))).toContain('The newest first. Time zone: UTC.');
  });

  test('all of a sum that no float holds', () => {
    const text = seen(
      render({ closingMinor: 9_007_199_254_740_993n, totalDebitsMinor: -(10n ** 30n) - 1n, debitCount: 1 }),
    );
    expect(text).toContain('Closing balance $90,071,992,547,409.93');
    expect(text).toContain('-$10,000,000,000,000,000,000,000,000,000.01');
  });

  test.each<[string, Partial<StatementFigures>, string[]]>([
    [
      'German in Berlin',
      { locale: 'de-DE', timeZone: 'Europe/Berlin' },
      ['12,55 $', 'Januar 2021', '01.02.2021 00:30:00'],
    ],
    [
      'British in New York',
      { locale: 'en-GB', timeZone: 'America/New_York' },
      ['US$12.55', '31 Jan 2021 18:30:00'],
    ],
    ['Arabic', { locale: 'ar-EG' }, ['١٢٫٥٥', 'يناير ٢٠٢١']],
    ['yen', { account: { ...account, currency: 'JPY' } }, ['Credits 2 ¥1,255 ¥628']],
    ['an account without a type', { account: { ...account, type: null } }, ['•••• 2878 Currency USD']],
  ])('figures in %s', (_what, change, shown) => {
    const html = render(change, [transaction(1255n)]);
    expect(html).toContain(`<html lang="${change.locale ?? 'en-US'}">`);
    for (const text of shown) expect(seen(html)).toContain(text);
  });
});

describe('the chart', () => {
  const rects = (html: string): number => html.match(/<rect /g)?.length ?? 0;

  test('has two bars and a text for each month, those between without a transaction too', () => {
    const html = render();
    expect(rects(html)).toBe(2 * 13);
    expect(html).toContain('<title>January 2021: +$12.55, -$5.00</title>');
    expect(html).toContain('<title>March 2021: $0.00, $0.00</title>');
    expect(html).toMatch(/<svg [^>]*role="img" aria-labelledby="chart-title chart-text">/);
  });

  test('names no kind that it has no bar of', () => {
    const text = seen(render({ months: [{ ...january, debits: 0n, debitCount: 0 }] }));
    expect(text).toContain('Credits, up to');
    expect(text).not.toContain('Debits, up to');
  });

  test('says so when it leaves out months, which the table has', () => {
    const text = seen(render({ months: [january, { ...january, month: '2030-01' }] }));
    expect(text).toContain('The chart shows the newest 36 months.');
    expect(text).toContain('January 2021 4');
    expect(seen(render())).not.toContain('The chart shows');
  });
});

describe('text of a file', () => {
  const hostile = `<script>alert(1)</script>--><img src=x onerror=alert(1)>"'&\`{{id}}{{{id}}}</title></style>\u202e\u2066`;
  const texts = {
    client: { name: hostile, email: hostile },
    import: { id, file: hostile },
    account: { ...account, last4: hostile, type: hostile },
  };
  /** The tags with the names of their attributes, in their order. */
  const tagsOf = (html: string): string[] =>
    [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));

  test('adds no tag and no attribute to a page', () => {
    const tags = tagsOf(render(texts, [{ ...transaction(1n), id: hostile }]));
    expect(tags).toEqual(tagsOf(render({}, [transaction(1n)])));
  });

  test('stays within its own element when it turns the direction of writing round', () => {
    const html = render(texts, [{ ...transaction(1n), id: hostile }]);
    const body = html.slice(html.indexOf('<body>'));
    expect(body.split('&lt;script&gt;')).toHaveLength(1 + 6);
    expect(body.split('<bdi>&lt;script&gt;')).toHaveLength(1 + 6);
  });

  test('is shown as it is, whatever it is', () => {
    const entities: Record<string, string> = {
      '&amp;': '&',
      '&lt;': '<',
      '&gt;': '>',
      '&quot;': '"',
      '&#x27;': "'",
      '&#x60;': '`',
      '&#x3D;': '=',
    };
    assert(
      property(string({ unit: 'binary', maxLength: 40 }), (name) => {
        const [, shown = ''] = /<h1><bdi>([^<]*)<\/bdi><\/h1>/.exec(
          render({ client: { name, email: null } }),
        )!;
        expect(shown.replace(/&[^;]+;/g, (entity) => entities[entity]!)).toBe(name);
      }),
    );
  });

  test('may be ten thousand characters without a blank', () => {
    expect(render({ client: { name: 'x'.repeat(10_000), email: null } })).toContain('x'.repeat(10_000));
  });
});

describe('the page', () => {
  afterEach(() => void jest.useRealTimers());

  test('is the same bytes on another day', () => {
    jest.useFakeTimers({ now: Date.parse('2021-02-01T00:00:00Z') });
    const first = render({}, [transaction(1n)]);
    jest.setSystemTime(Date.parse('2031-07-01T12:00:00Z'));
    expect(render({}, [transaction(1n)])).toBe(first);
  });

  test('loads nothing, runs nothing and leads nowhere', () => {
    const html = render({}, [transaction(1n)]);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/https?:|<script|<link|<a |url\(|@import|\ssrc=|\son\w+=/);
  });

  test('gives every table a caption, and every column and row a head', () => {
    const html = render({}, [transaction(1n)]);
    const tables = html.match(/<table/g)!.length;
    expect(html.match(/<div class="scroll"[^>]*>\n<table[^>]*>\n<caption>/g)).toHaveLength(tables);
    expect(html).not.toMatch(/<th(?! scope="(col|row)")[ >]/);
  });

  test.each([
    ['currency', { account: { ...account, currency: 'XXX' } }],
    ['time zone', { timeZone: 'Europe/Atlantis' }],
    ['locale', { locale: 'no locale' }],
  ])('of a %s that is none is an error', (_what, change) => {
    expect(() => render(change)).toThrow(RangeError);
  });
});
