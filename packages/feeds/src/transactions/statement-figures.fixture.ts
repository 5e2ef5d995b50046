import { describeTransaction, type ListedTransaction } from './listed-transaction.js';
import { statementCalendar } from './statement-calendar.js';
import type { StatementFigures, StatementMonth, StatementTransaction } from './statement-figures.js';
import { statementFormats } from './statement-formats.js';

/** A statement that has a bit of everything, for tests: two years, a month without credits, an amount of zero. */

export const sampleId = '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df';

export const sampleAccount = { id: '7', last4: '2878', type: 'credit', currency: 'USD' };

export const sampleMonth: StatementMonth = {
  month: '2021-01',
  count: 4,
  credits: 1255n,
  debits: -500n,
  creditCount: 2,
  debitCount: 1,
};

export function sampleFigures(change: Partial<StatementFigures> = {}): StatementFigures {
  return {
    import: { id: sampleId, file: 'a.csv' },
    account: sampleAccount,
    client: { name: 'Janet Shields', email: 'janet@example.com' },
    openingMinor: 1000n,
    closingMinor: 1255n,
    totalCreditsMinor: 1255n,
    totalDebitsMinor: -1000n,
    creditCount: 2,
    debitCount: 3,
    transactionCount: 6,
    months: [
      sampleMonth,
      { month: '2022-01', count: 2, credits: 0n, debits: -500n, creditCount: 0, debitCount: 2 },
    ],
    locale: 'en-US',
    timeZone: 'UTC',
    ...change,
  };
}

export function sampleTransaction(
  amountMinor: bigint,
  occurredAt = '2021-01-31T23:30:00Z',
): StatementTransaction {
  return { id: sampleId, occurredAt, amountMinor };
}

/** These transactions as the page of the statement lists them. */
export function listed(
  { locale, timeZone, account }: StatementFigures,
  transactions: readonly StatementTransaction[],
): ListedTransaction[] {
  return transactions.map((one) =>
    describeTransaction(one, statementFormats(locale, account.currency), statementCalendar(locale, timeZone)),
  );
}

/** What a reader sees of a page: text without tags, blanks as one. */
export function seen(html: string): string {
  return html
    .replace(/<(style|script|title|desc)[ >][^]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .replace(/ ([.,])/g, '$1');
}

/** The tags with the names of their attributes, in their order. */
export function tagsOf(html: string): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
}
