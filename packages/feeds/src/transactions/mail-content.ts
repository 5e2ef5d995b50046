import { areTimed, type ListedTransaction } from './listed-transaction.js';
import { describeAverage } from './statement-average.js';
import { statementCalendar, type StatementCalendar } from './statement-calendar.js';
import type { StatementFigures, StatementMonth } from './statement-figures.js';
import { statementFormats, type StatementFormats } from './statement-formats.js';

/** The newest months that a mail shows: two years of them are some screens of a phone. */
const MAIL_MONTHS_MAX = 24;

/** What becomes of the list of transactions: it is in the mail, beside it, or too long for both. */
export type MailList = { rows: readonly ListedTransaction[] } | 'attached' | 'left out';

/** What a mail says, in words and figures as its reader sees them: its page and its text both say all of it. */
export type MailContent = ReturnType<typeof describeMail>;

/** @throws RangeError for a locale, currency or time zone that is not known */
export function describeMail(figures: StatementFigures, list: MailList) {
  const { account, client, locale, timeZone } = figures;
  const formats = statementFormats(locale, account.currency);
  const calendar = statementCalendar(locale, timeZone);
  const newest = figures.months.slice(-MAIL_MONTHS_MAX);
  const transactions = typeof list === 'string' ? [] : list.rows;
  return {
    name: toLine(client.name),
    account: `${account.type === null ? 'account' : `${account.type} account`} •••• ${account.last4}`,
    period: describePeriod(figures.months, calendar),
    balance: describeBalance(figures, formats),
    closing: formats.money(figures.closingMinor),
    averages: [
      {
        name: 'Average credit',
        amount: describeAverage(figures.totalCreditsMinor, figures.creditCount, formats),
      },
      {
        name: 'Average debit',
        amount: describeAverage(figures.totalDebitsMinor, figures.debitCount, formats),
      },
    ],
    months: describeMonths(newest, formats, calendar),
    monthsNote:
      newest.length === figures.months.length
        ? null
        : `The newest ${newest.length} of ${formats.counted(figures.months.length, 'month')}.`,
    listNote: describeList(figures, list, formats),
    transactions,
    isTimed: areTimed(transactions, calendar),
    timeZone,
  };
}

/** A name may have line ends and tabs in it: here it is one line. */
export function toLine(name: string): string {
  return name.replace(/[\0-\x20\x7f\u0085\u2028\u2029]+/g, ' ').trim();
}

function describePeriod(months: readonly StatementMonth[], calendar: StatementCalendar): string | null {
  const [first, last] = [months[0]?.month, months.at(-1)?.month];
  return first === undefined || last === undefined ? null : calendar.period(first, last);
}

/** Opening balance and all that changed it. Amounts of zero are named where there are any, so that the numbers add up. */
function describeBalance(figures: StatementFigures, { money, change, counted }: StatementFormats) {
  const { creditCount, debitCount, transactionCount } = figures;
  const zeroCount = transactionCount - creditCount - debitCount;
  return [
    { name: 'Opening balance', amount: money(figures.openingMinor) },
    { name: counted(creditCount, 'credit'), amount: change(figures.totalCreditsMinor) },
    { name: counted(debitCount, 'debit'), amount: change(figures.totalDebitsMinor) },
    ...(zeroCount > 0 ? [{ name: `${counted(zeroCount, 'amount')} of zero`, amount: money(0n) }] : []),
  ];
}

/** The widths of the bars are percent of the largest of them. */
function describeMonths(
  months: readonly StatementMonth[],
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  const sums = months.flatMap(({ credits, debits }) => [credits, -debits]);
  const largest = sums.reduce((most, sum) => (sum > most ? sum : most), 1n);
  // Rounded up: what is not nothing is seen.
  const percent = (sum: bigint): number => Number((sum * 100n + largest - 1n) / largest);
  return months.map(({ month, count, credits, debits }) => ({
    name: calendar.month(month),
    count: formats.counted(count, 'transaction'),
    credits: formats.change(credits),
    debits: formats.change(debits),
    creditPercent: percent(credits),
    debitPercent: percent(-debits),
  }));
}

function describeList(
  { transactionCount, account }: StatementFigures,
  list: MailList,
  { counted }: StatementFormats,
): string {
  const all = counted(transactionCount, 'transaction');
  if (list === 'attached') return `The list of ${all} is attached: ${MAIL_CSV_NAME}.`;
  if (list === 'left out')
    return `The list of ${all} is too long for a mail: ask the sender for account-${account.id}.json, which has all of them.`;
  return 'The newest first.';
}

export const MAIL_CSV_NAME = 'transactions.csv';
