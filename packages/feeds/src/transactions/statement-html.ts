import { describeAverage } from './statement-average.js';
import type { ListedTransaction } from './listed-transaction.js';
import { statementCalendar } from './statement-calendar.js';
import type { StatementFigures } from './statement-figures.js';
import { statementFormats, type StatementFormats } from './statement-formats.js';
import { describeMonths } from './statement-months-html.js';
import { makePage } from './statement-page.js';
import { statementMeta, statementTemplate } from './statement-template.js';
import { describeTransactions } from './statement-transactions-html.js';

const page = makePage<ReturnType<typeof describeStatement>>(statementTemplate, {
  meta: statementMeta,
});

/**
 * The page of a statement. The same figures give the same bytes: it holds no time of rendering.
 * @param newest the newest transactions first, at most STATEMENT_TRANSACTIONS_MAX
 * @throws RangeError for a locale, currency or time zone that is not known
 */
export function renderStatementHtml(figures: StatementFigures, newest: readonly ListedTransaction[]): string {
  return page(describeStatement(figures, newest));
}

/** Two longer amounts and the name of a month are wider than a phone: then the style gives them another line. */
const AMOUNT_CHARS_OF_PHONE_MAX = 13;

function describeStatement(figures: StatementFigures, newest: readonly ListedTransaction[]) {
  const { account, client, months, locale, timeZone } = figures;
  const formats = statementFormats(locale, account.currency);
  const calendar = statementCalendar(locale, timeZone);
  const [firstMonth, lastMonth] = [months[0]?.month, months.at(-1)?.month];
  const sum = describeSum(figures, formats);
  return {
    title: `Statement of account •••• ${account.last4}, ${client.name}`,
    client,
    account,
    importId: figures.import.id,
    file: figures.import.file,
    period:
      firstMonth === undefined || lastMonth === undefined ? null : calendar.period(firstMonth, lastMonth),
    timeZone,
    sum,
    isLong: sum.some(
      ({ amount, average }) => Math.max(amount.length, average?.length ?? 0) > AMOUNT_CHARS_OF_PHONE_MAX,
    ),
    counts: describeCounts(figures, formats),
    ...describeMonths(figures, formats, calendar),
    ...describeTransactions(figures, newest, formats, calendar),
  };
}

/** Opening + credits + debits = closing; the signs of the amounts are those of the sum. */
function describeSum(figures: StatementFigures, formats: StatementFormats) {
  const { openingMinor, closingMinor } = figures;
  const { totalCreditsMinor: credits, totalDebitsMinor: debits, creditCount, debitCount } = figures;
  return [
    describePart('Opening balance', formats.money(openingMinor), 'before these transactions'),
    {
      ...describePart('Credits', formats.change(credits), formats.counted(creditCount, 'transaction')),
      tone: credits > 0n ? 'credit' : '',
      average: describeAverage(credits, creditCount, formats),
    },
    {
      ...describePart('Debits', formats.change(debits), formats.counted(debitCount, 'transaction')),
      average: describeAverage(debits, debitCount, formats),
    },
    describePart('Closing balance', formats.money(closingMinor), 'after these transactions'),
  ];
}

function describePart(name: string, amount: string, note: string) {
  return { name, amount, note, tone: '', average: null };
}

/** Amounts of zero are named where there are any, so that the numbers add up to all transactions. */
function describeCounts(figures: StatementFigures, { counted }: StatementFormats): string {
  const { creditCount, debitCount, transactionCount } = figures;
  const kinds = [counted(creditCount, 'credit'), counted(debitCount, 'debit')];
  const zeroCount = transactionCount - creditCount - debitCount;
  if (zeroCount > 0) kinds.push(`${counted(zeroCount, 'amount')} of zero`);
  return `${counted(transactionCount, 'transaction')}: ${kinds.join(', ')}.`;
}
