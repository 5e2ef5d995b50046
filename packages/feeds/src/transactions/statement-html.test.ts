import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import {
  listed,
  sampleAccount as account,
  sampleFigures,
  sampleId as id,
  sampleMonth as january,
  sampleTransaction as transaction,
  seen,
  tagsOf,
} from './statement-figures.fixture.js';
import type { StatementFigures, StatementTransaction } from './statement-figures.js';
import { renderStatementHtml } from './statement-html.js';

const nothing = { totalCreditsMinor: 0n, creditCount: 0, totalDebitsMinor: 0n, debitCount: 0, months: [] };

const render = (change: Partial<StatementFigures> = {}, newest: readonly StatementTransaction[] = []) => {
  const figures = sampleFigures(change);
  return renderStatementHtml(figures, listed(figures, newest));
};

describe('a reader sees', () => {
  test.each([
    'Account statement Janet Shields Account credit •••• 2878 Period January 2021 – January 2022 Currency USD E-mail janet@example.com',
    'Opening balance $10.00 before these transactions Credits +$12.55 2 transactions average $6.28',
    'Debits -$10.00 3 transactions average -$3.33 Closing balance $12.55 after these transactions',
    'January 2021 4 $12.55 -$5.00 $6.28 -$5.00',
    'January 2022 2 $0.00 -$5.00 – -$2.50',
    'All months 6 $12.55 -$10.00 $6.28 -$3.33',
    'Credits: most in January 2021, $12.55',
    'Debits: most in January 2021, -$5.00',
    '6 transactions: 2 credits, 3 debits, 1 amount of zero. Here are the newest 5;',
    'January 2022 2 transactions -$5.00 Jan 31, 2022',
    'January 2021 4 transactions, 3 of them listed +$7.55 Jan 31, 2021',
    `Jan 31, 2021 11:30 PM ${id} +$12.55`,
    `${id} -$0.05`,
    `${id} $0.00`,
    'From the file a.csv. Days and months are those of the time zone UTC.',
  ])('%s', (text) => {
    const newest = [1255n, -5n, 0n].map((amount) => transaction(amount));
    const later = [-2n, -3n].map((amount) => transaction(amount, '2022-01-31T23:30:00Z'));
    expect(seen(render({}, [...later, ...newest])).replaceAll('\u2009', ' ')).toContain(text);
  });

  test('a dash where there is nothing to average, and no NaN', () => {
    const text = seen(render({ ...nothing, transactionCount: 0 }));
    expect(text).toContain('Credits $0.00 0 transactions average – Debits $0.00 0 transactions average –');
    expect(text).not.toMatch(/NaN|null|undefined|Month/);
  });

  test('credits and debits alone where no amount is zero', () => {
    expect(seen(render({ transactionCount: 5 }))).not.toContain('of zero');
  });

  test('no time where no transaction has one: a bank knows days only', () => {
    const day = transaction(1n, '2021-01-30T23:00:00Z');
    const berlin = { locale: 'de-DE', timeZone: 'Europe/Berlin' };
    expect(seen(render(berlin, [day]))).toContain(`Date Reference Amount Januar 2021 4 transactions`);
    expect(seen(render(berlin, [day]))).not.toContain('00:00');
    const both = seen(render(berlin, [transaction(1n, '2021-01-31T10:00:00Z'), day]));
    expect(both).toContain('Date Time Reference Amount');
    expect(both).toContain(`31.01.2021 00:00 ${id}`);
  });

  test('one month without a chart and a last line, which would only repeat it', () => {
    const html = render({ months: [january] }, [transaction(1n)]);
    expect(html).not.toMatch(/<svg|All months/);
    expect(seen(html)).toContain('January 2021 4 $12.55 -$5.00 $6.28 -$5.00');
  });

  test('which transactions are listed, when not all are', () => {
    const newest = Array.from({ length: 1000 }, () => transaction(1n));
    expect(seen(render({ transactionCount: 300_000 }, newest))).toContain(
      'Here are the newest 1,000; the JSON file beside this page has all of them.',
    );
    expect(seen(render({ transactionCount: 1000 }, newest))).toContain('The newest first');
  });

  test('all of a sum that no float holds', () => {
    const text = seen(
      render({ closingMinor: 9_007_199_254_740_993n, totalDebitsMinor: -(10n ** 30n) - 1n, debitCount: 1 }),
    );
    expect(text).toContain('Closing balance $90,071,992,547,409.93 after');
    expect(text).toContain('-$10,000,000,000,000,000,000,000,000,000.01');
  });

  test.each<[string, Partial<StatementFigures>, string[]]>([
    [
      'German in Berlin',
      { locale: 'de-DE', timeZone: 'Europe/Berlin', months: [{ ...january, month: '2021-02' }] },
      ['+12,55 $', 'Februar 2021', '01.02.2021 00:30'],
    ],
    [
      'British in New York',
      { locale: 'en-GB', timeZone: 'America/New_York' },
      ['US$12.55', '31 Jan 2021 18:30'],
    ],
    ['Arabic', { locale: 'ar-EG' }, ['١٢٫٥٥', 'يناير ٢٠٢١']],
    [
      'yen, which have no decimals',
      { account: { ...account, currency: 'JPY' } },
      ['+¥1,255', 'average ¥628'],
    ],
    [
      'dinars, which have three',
      { account: { ...account, currency: 'KWD' } },
      ['+KWD 1.255', 'average KWD 0.628'],
    ],
    [
      'a balance below zero',
      { openingMinor: -1000n, closingMinor: -745n },
      ['Opening balance -$10.00', '-$7.45'],
    ],
    ['an account without a type', { account: { ...account, type: null } }, ['Account •••• 2878 Period']],
    [
      'an account without a holder',
      { client: { name: 'Account •••• 2878', email: null } },
      ['Account statement Account •••• 2878 Account', 'Currency USD Summary'],
    ],
  ])('figures of %s', (_what, change, shown) => {
    const html = render(change, [transaction(1255n)]);
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
    expect(html).toContain(
      'Credits: most in January 2021, $12.55. Debits: most in January 2021, -$5.00. The table below has the figures.</desc>',
    );
  });

  test('names each of 13 months, and the year where it is another', () => {
    const [axis = ''] = /<div class="axis.*?<\/div>/.exec(render())!;
    expect(seen(axis)).toBe(' Jan 2021 Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Jan 2022 ');
  });

  test('names every third of 36 months', () => {
    const html = render({ months: [{ ...january, month: '2018-02' }, january] });
    const [axis = ''] = /<div class="axis.*?<\/div>/.exec(html)!;
    expect(seen(axis)).toBe(' Feb 2018 May Aug Nov Feb 2019 May Aug Nov Feb 2020 May Aug Nov ');
  });

  test('names no kind that it has no bar of', () => {
    const months = ['2021-01', '2021-02'].map((month) => ({ ...january, month, debits: 0n, debitCount: 0 }));
    const text = seen(render({ months }));
    expect(text).toContain('Credits: most in');
    expect(text).not.toContain('Debits: most in');
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
    expect(html.match(/<table/g)).toHaveLength(2);
    expect(html.match(/<table[^>]*>\n<caption>/g)).toHaveLength(2);
    expect(html).not.toMatch(/<th(?! scope="(col|row|rowgroup)")[ >]/);
  });

  test('has one heading above the others, and its language', () => {
    const html = render({ locale: 'de-DE' }, [transaction(1n)]);
    expect(html.match(/<h\d/g)).toEqual(['<h1', '<h2', '<h2', '<h2']);
    expect(html).toContain('<html lang="en">');
  });

  test.each([
    ['currency', { account: { ...account, currency: 'XXX' } }],
    ['time zone', { timeZone: 'Europe/Atlantis' }],
    ['locale', { locale: 'no locale' }],
  ])('of a %s that is none is an error', (_what, change) => {
    expect(() => render(change)).toThrow(RangeError);
  });
});
