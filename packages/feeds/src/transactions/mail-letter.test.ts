import { describe, expect, test } from '@jest/globals';
import { composeMessage, type Letter } from '@passbook/mail';
import { simpleParser } from 'mailparser';
import { gatherStatement } from './gather-statement.js';
import { makeLetterMaker } from './mail-letter.js';
import { figuresOf, type StatementReport } from './report-figures.js';
import type { StatementSnapshot } from './reports-due.js';
import { statementCalendar } from './statement-calendar.js';
import type { StatementFigures, StatementTransaction } from './statement-figures.js';
import { statementFormats } from './statement-formats.js';
import { makeMonthSums } from './statement-months.js';

const from = { name: 'Passbook', address: 'passbook@localhost' };
const LETTER_BYTES_MAX = 100_000;

interface Case {
  name?: string;
  currency?: string;
  locale?: string;
  type?: string | null;
}

/** An account with these amounts, one on each day from the end of 2022 backwards. */
function makeCase(
  amounts: readonly bigint[],
  { name = 'Janet Shields', currency = 'USD', ...rest }: Case = {},
) {
  const rows = amounts.map((amountMinor, at): StatementTransaction => {
    const moment = new Date(Date.UTC(2022, 11, 31, 12, at % 60) - at * 86_400_000);
    const id = `9eedccfe-83fa-4166-b8ad-${String(at).padStart(12, '0')}`;
    return { id, occurredAt: moment.toISOString().replace('.000Z', 'Z'), amountMinor };
  });
  const { locale = 'en-US', type = 'debit' } = rest;
  const credits = rows.filter((row) => row.amountMinor > 0n);
  const debits = rows.filter((row) => row.amountMinor < 0n);
  const sum = (some: StatementTransaction[]) => some.reduce((total, row) => total + row.amountMinor, 0n);
  const snapshot: StatementSnapshot = {
    opening: '0',
    closing: String(sum(rows)),
    credits: String(sum(credits)),
    debits: String(sum(debits)),
    creditCount: credits.length,
    debitCount: debits.length,
    rows: rows.length,
    last4: '2878',
    type,
    currency,
    name,
    email: 'janet@example.com',
  };
  const report: StatementReport = {
    no: 1n,
    importNo: 1,
    importId: '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df',
    fileName: 'a.csv',
    feed: 'transactions',
    locale,
    timeZone: 'UTC',
    loadedAt: '2023-01-01T10:00:00.5Z',
    accountId: 7n,
    snapshot,
  };
  const sums = makeMonthSums(statementCalendar(locale, 'UTC'));
  for (const row of rows) sums.add(row);
  return { report, rows, figures: figuresOf(report, sums.months()) };
}

function letterOf({ report, rows }: ReturnType<typeof makeCase>): Letter {
  const maker = makeLetterMaker(report, 'janet@example.com');
  const gathering = gatherStatement(report);
  for (let at = 0; at < rows.length; at += 700)
    for (const taker of [maker, gathering]) taker.add(rows.slice(at, at + 700));
  return maker.letter(gathering.end());
}

/** The same in a file that has days and no times. */
function atMidnight(one: ReturnType<typeof makeCase>): ReturnType<typeof makeCase> {
  const rows = one.rows.map((row) => ({ ...row, occurredAt: row.occurredAt.replace(/T.*/, 'T00:00:00Z') }));
  return { ...one, rows };
}

/** A letter whose texts can be read. */
function textsOf(one: ReturnType<typeof makeCase>) {
  const letter = letterOf(one);
  return { ...letter, html: letter.html.toString(), text: letter.text.toString() };
}

/** What a reader of the page sees: text without tags, entities or the hidden preheader, blanks as one. */
const seen = (html: string): string =>
  collapse(
    html
      .replace(/<head>[^]*?<\/head>|<div style="display:none[^]*?<\/div>|&nbsp;/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#x([0-9A-F]+);/g, (_all, code: string) => String.fromCodePoint(parseInt(code, 16)))
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&'),
  );
const collapse = (text: string): string => text.replace(/[\s\u00a0\u202f]+/g, ' ').trim();

/** Everything with a digit in it, and dashes, in the order of reading. */
const figuresIn = (text: string): string[] => collapse(text).match(/\S*\p{Nd}\S*|(?<= )–(?= )/gu) ?? [];

const mixed = (count: number, scale = 1n): bigint[] =>
  Array.from(
    { length: count },
    (_, at) => (at % 3 === 0 ? -1n : 1n) * BigInt(1_000 + ((at * 7_919) % 90_000)) * scale,
  );

describe('the page and the text of a mail have the same figures', () => {
  test.each<[string, readonly bigint[], Case]>([
    ['credits and debits', mixed(40), {}],
    ['one transaction', [1_000n], {}],
    ['nothing but an amount of zero', [0n], { type: null }],
    ['no credit: a dash', [-1_000n, -1n], {}],
    ['a negative balance of the largest size', mixed(9, -100_000_000_000_000n), {}],
    ['13 months', mixed(390), {}],
    ['a hundred months', Array.from({ length: 3_000 }, () => 1n), {}],
    ['yen', mixed(40), { currency: 'JPY', locale: 'ja-JP' }],
    ['dinars, in digits of their own', mixed(40), { currency: 'KWD', locale: 'ar-KW' }],
    ['euros', mixed(40), { currency: 'EUR', locale: 'de-DE' }],
    ['a name of 200 characters', mixed(5), { name: 'x'.repeat(200) }],
    ['a name from right to left', mixed(5), { name: 'שלום בן 7 אברהם \u202eabc' }],
    ['a name with line ends', mixed(5), { name: 'Janet\r\nBcc: all@example.com\tShields' }],
    ['a name that is a script', mixed(5), { name: '<script>alert(1)</script>"\'&' }],
  ])('%s', async (_what, amounts, change) => {
    const one = makeCase(amounts, change);
    const mail = await simpleParser(await composeMessage(letterOf(one), from));
    const [page, text] = [seen(mail.html as string), mail.text!];
    expect(figuresIn(page)).toEqual(figuresIn(text.replace(/^-+$/gm, '')));
    for (const expected of listFigures(one.figures)) expect(collapse(text)).toContain(collapse(expected));
    const line = collapse(one.figures.client.name);
    expect(page).toContain(line);
    expect(text).toContain(line);
    expect([mail.to].flat()[0]!.value).toEqual([{ name: line, address: 'janet@example.com' }]);
  });
});

/** The figures of a statement, as its mail must say them: worked out here once more. */
function listFigures(figures: StatementFigures): string[] {
  const { money, change, counted } = statementFormats(figures.locale, figures.account.currency);
  const calendar = statementCalendar(figures.locale, figures.timeZone);
  return [
    `Opening balance ${money(figures.openingMinor)}`,
    `${counted(figures.creditCount, 'credit')} ${change(figures.totalCreditsMinor)}`,
    `${counted(figures.debitCount, 'debit')} ${change(figures.totalDebitsMinor)}`,
    `Closing balance ${money(figures.closingMinor)}`,
    ...(figures.creditCount === 0 ? ['Average credit –'] : []),
    ...(figures.debitCount === 0 ? ['Average debit –'] : []),
    ...figures.months
      .slice(-24)
      .map(
        ({ month, count, credits, debits }) =>
          `${calendar.month(month)} · ${counted(count, 'transaction')} Credits ${change(credits)} Debits ${change(debits)}`,
      ),
  ];
}

describe('the averages', () => {
  test.each<[string, bigint[], string, string]>([
    ['are rounded half away from zero', [100n, 101n, -100n, -101n], '$1.01', '-$1.01'],
    ['are dashes for nothing', [0n], '–', '–'],
  ])('%s', (_what, amounts, credit, debit) => {
    const { html } = textsOf(makeCase(amounts));
    expect(seen(html)).toContain(`Average credit ${credit} Average debit ${debit}`);
  });
});

describe('the bars of the months', () => {
  test('are as wide as their sums are to the largest, and nothing is no bar', () => {
    const { html } = textsOf(makeCase([...Array.from({ length: 31 }, () => -100n), 6_200n]));
    const widths = [
      ...html.matchAll(
        /width="(\d+)%" cellpadding="0" cellspacing="0" border="0"><tr><td class="(\w+)-bar"/g,
      ),
    ];
    expect(widths.map(([, width, kind]) => [kind, width])).toEqual([
      ['credit', '100'],
      ['debit', '0'],
      ['credit', '0'],
      ['debit', '50'],
    ]);
  });

  test('of more than 24 months are those of the newest, and it says so', () => {
    const { html, text } = textsOf(makeCase(Array.from({ length: 1_000 }, () => 1n)));
    expect(html.match(/class="credit-bar"/g)).toHaveLength(24);
    for (const part of [seen(html), text]) expect(part).toContain('The newest 24 of 33 months.');
  });
});

describe('a mail is under 100 KB but for what is attached', () => {
  const sizeOf = async (letter: Letter) =>
    (await composeMessage({ ...letter, attachments: [] }, from)).length;

  test.each([1, 100, 250, 300, 350, 400, 500, 1_000, 1_001, 10_000, 20_000])(
    'with %d transactions',
    async (count) => {
      expect(await sizeOf(letterOf(makeCase(mixed(count))))).toBeLessThan(LETTER_BYTES_MAX);
    },
  );

  test('with names, digits and signs that take the most bytes', async () => {
    for (const count of [100, 200, 300, 1_000]) {
      const one = makeCase(mixed(count, -1_000_000_000_000n), {
        name: '=\u0e01'.repeat(1_000),
        currency: 'KWD',
        locale: 'ar-KW',
      });
      expect(await sizeOf(letterOf(one))).toBeLessThan(LETTER_BYTES_MAX);
    }
  });

  test('a list that fits is in it, with each transaction', () => {
    const letter = letterOf(makeCase(mixed(250)));
    expect(letter.attachments).toEqual([]);
    expect(letter.text.toString().match(/\d:\d\d/g)!.length).toBe(250);
  });

  test('a list that does not fit is attached, each cell as a spreadsheet may read it', () => {
    for (const count of [500, 10_000]) {
      const { attachments, text, html } = textsOf(makeCase(mixed(count)));
      const [list, ...others] = attachments;
      expect([list!.fileName, others]).toEqual(['transactions.csv', []]);
      const lines = list!.content.toString().split('\r\n');
      expect(lines).toHaveLength(1 + count + 1);
      expect(lines.slice(0, 2)).toEqual([
        'id,occurred_at,amount,currency',
        '9eedccfe-83fa-4166-b8ad-000000000000,2022-12-31T12:00:00Z,-10.00,USD',
      ]);
      for (const part of [text, seen(html)]) expect(part).toContain('is attached: transactions.csv.');
    }
  });

  test('a list beyond 1 MB is left out, and the mail says where it is', () => {
    const { attachments, text, html } = textsOf(makeCase(mixed(20_000)));
    expect(attachments).toEqual([]);
    for (const part of [text, seen(html)]) expect(part).toContain('account-7.json, which has all of them.');
  });
});

test('times are told where there are any: a list of midnights would say what nobody knows', () => {
  const one = makeCase(mixed(3));
  const days = atMidnight(one);
  const dated = textsOf(days);
  const timed = textsOf({ ...one, rows: [...days.rows.slice(0, 2), one.rows[2]!] });
  for (const part of [dated.text, seen(dated.html)]) {
    expect(part).toContain('Dec 31, 2022');
    expect(part).toContain('Days are those of UTC');
    expect(part).not.toMatch(/\d:\d\d/);
  }
  for (const part of [timed.text, seen(timed.html)]) {
    expect(part.match(/12:00\sAM/g)).toHaveLength(2);
    expect(part).toContain('Days and times are those of UTC');
  }
});

test('the subject and the hidden line say no name, no number of an account and no amount', () => {
  const { subject, html } = textsOf(makeCase([123_456n]));
  const hidden = /<div style="display:none[^>]*>([^<]*)</.exec(html)![1]!;
  for (const text of [subject, hidden]) expect(text).not.toMatch(/Janet|1,234/);
  expect(subject).not.toMatch(/\d/);
});

test('account, import and the end of the import make id and date, and nothing else does', () => {
  const letter = letterOf(makeCase([1n]));
  expect(letter).toEqual(letterOf(makeCase([1n])));
  expect(letter.messageId).toBe('account-7.9eedccfe-83fa-4166-b8ad-9b72b0e5f1df@passbook.invalid');
  expect(letter.date).toEqual(new Date('2023-01-01T10:00:00.500Z'));
});

test.each<[string, ReturnType<typeof makeCase>]>([
  ['a list', makeCase(mixed(40))],
  ['a list of days', atMidnight(makeCase([1n], { locale: 'de-DE', currency: 'EUR' }))],
  ['no list, and fewer months than there are', makeCase(mixed(3_000))],
  ['a name with line ends', makeCase(mixed(2), { name: '\rJanet\nShields\r\n\u2028\u0085' })],
])('with %s each line of both texts ends with CRLF, and nothing else', (_what, one) => {
  const { html, text } = textsOf(one);
  for (const part of [html, text]) {
    const lines = part.split('\r\n');
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.at(-1)).toBe('');
    expect(lines.filter((line) => /[\r\n]/.test(line))).toEqual([]);
  }
});

test('text of a file adds no tag and no attribute, and nothing is loaded or run', () => {
  const tagsOf = (html: string) =>
    [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
  const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&\`{{name}}</title>\u202e`;
  const { html } = textsOf(makeCase([1n], { name: hostile, type: hostile }));
  expect(tagsOf(html)).toEqual(tagsOf(textsOf(makeCase([1n])).html));
  expect(html).not.toMatch(/https?:|<script|<link|<img|<a |url\(|@import|\ssrc=|\son\w+=/);
});
