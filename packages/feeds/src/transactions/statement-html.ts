import { averageMinor } from '@passbook/ledger';
import { statementCalendar, type StatementCalendar } from './statement-calendar.js';
import {
  CHART_COLUMN,
  CHART_HEIGHT,
  CHART_MARGIN,
  layOutChart,
  type ChartColumn,
} from './statement-chart.js';
import type { StatementFigures, StatementMonth, StatementTransaction } from './statement-figures.js';
import { statementFormats, type StatementFormats } from './statement-formats.js';
import { makeList, makePage } from './statement-page.js';
import {
  columnTemplate,
  monthTemplate,
  statementMeta,
  statementTemplate,
  transactionTemplate,
} from './statement-template.js';

const page = makePage<ReturnType<typeof describeStatement>>(statementTemplate, statementMeta);
const columnList = makeList<keyof ReturnType<typeof describeColumn>>(columnTemplate);
const monthList = makeList<keyof ReturnType<typeof describeMonth>>(monthTemplate);
const transactionList = makeList<keyof ReturnType<typeof describeTransaction>>(transactionTemplate);

/**
 * The page of a statement. The same figures give the same bytes: it holds no time of rendering.
 * @param newest the newest transactions first, at most STATEMENT_TRANSACTIONS_MAX
 * @throws RangeError for a locale, currency or time zone that is not known
 */
export function renderStatementHtml(
  figures: StatementFigures,
  newest: readonly StatementTransaction[],
): string {
  return page(describeStatement(figures, newest));
}

function describeStatement(figures: StatementFigures, newest: readonly StatementTransaction[]) {
  const { account, client, months, locale, timeZone } = figures;
  const formats = statementFormats(locale, account.currency);
  const calendar = statementCalendar(locale, timeZone);
  const [firstMonth, lastMonth] = [months[0]?.month, months.at(-1)?.month];
  return {
    lang: locale,
    title: `Statement of account •••• ${account.last4}, ${client.name}`,
    client,
    account,
    importId: figures.import.id,
    file: figures.import.file,
    period:
      firstMonth === undefined || lastMonth === undefined ? null : calendar.period(firstMonth, lastMonth),
    timeZone,
    balance: describeBalance(figures, formats),
    kinds: describeKinds(figures, formats),
    transactionCount: formats.counted(figures.transactionCount, 'transaction'),
    chart: describeChart(figures, formats, calendar),
    months:
      months.length === 0 ? null : monthList(months.map((month) => describeMonth(month, formats, calendar))),
    listed: describeListed(figures.transactionCount, newest.length, formats),
    transactions: transactionList(
      newest.map((transaction) => describeTransaction(transaction, formats, calendar)),
    ),
  };
}

function describeTransaction(
  { id, occurredAt, amountMinor }: StatementTransaction,
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  const { day, time } = calendar.dayAndTime(occurredAt);
  return { id, day, time, amount: formats.change(amountMinor) };
}

function describeMonth(month: StatementMonth, formats: StatementFormats, calendar: StatementCalendar) {
  return {
    name: calendar.month(month.month),
    count: formats.count(month.count),
    credits: formats.money(month.credits),
    debits: formats.money(month.debits),
    averageCredit: describeAverage(month.credits, month.creditCount, formats),
    averageDebit: describeAverage(month.debits, month.debitCount, formats),
  };
}

function describeBalance(figures: StatementFigures, formats: StatementFormats) {
  const { openingMinor, totalCreditsMinor, totalDebitsMinor, closingMinor } = figures;
  return [
    { name: 'Opening balance', tone: '', amount: formats.money(openingMinor) },
    {
      name: 'Total credits',
      tone: toneOf(totalCreditsMinor),
      amount: formats.change(totalCreditsMinor),
    },
    { name: 'Total debits', tone: toneOf(totalDebitsMinor), amount: formats.change(totalDebitsMinor) },
    { name: 'Closing balance', tone: '', amount: formats.money(closingMinor) },
  ];
}

/** Credits, debits and, so that the numbers add up to all transactions, amounts of zero where there are any. */
function describeKinds(figures: StatementFigures, formats: StatementFormats) {
  const { creditCount, debitCount, transactionCount } = figures;
  const kinds = [
    { name: 'Credits', sum: figures.totalCreditsMinor, count: creditCount },
    { name: 'Debits', sum: figures.totalDebitsMinor, count: debitCount },
  ];
  const zeroCount = transactionCount - creditCount - debitCount;
  if (zeroCount > 0) kinds.push({ name: 'Amounts of zero', sum: 0n, count: zeroCount });
  return kinds.map(({ name, sum, count }) => ({
    name,
    tone: toneOf(sum),
    count: formats.count(count),
    total: formats.money(sum),
    average: describeAverage(sum, count, formats),
  }));
}

/** The class that colours a sum. Colour only repeats what the sign says. */
function toneOf(sum: bigint): 'credit' | 'debit' | '' {
  if (sum === 0n) return '';
  return sum > 0n ? 'credit' : 'debit';
}

/** Where there is nothing to take the average of. */
const NONE = '–';

function describeAverage(sum: bigint, count: number, formats: StatementFormats): string {
  const mean = averageMinor(sum, count);
  return mean === null ? NONE : formats.money(mean);
}

function describeListed(count: number, listed: number, formats: StatementFormats): string {
  if (listed === count) return 'The newest first.';
  return `The newest ${formats.count(listed)} of ${formats.counted(count, 'transaction')}; the JSON file beside this page has all of them.`;
}

/** How wide a month may get: so few months are not a wall of colour, and its name still fits below it. */
const CHART_COLUMN_REM_MAX = 5;

/** Two bars of each month stand above one another; a gap of a fifth is left between months. */
function describeChart(figures: StatementFigures, formats: StatementFormats, calendar: StatementCalendar) {
  const { columns, width, axisY } = layOutChart(figures.months);
  const [first, last] = [columns[0]?.month ?? '', columns.at(-1)?.month ?? ''];
  const highest = columns.reduce((most, { credits }) => (credits > most ? credits : most), 0n);
  const lowest = columns.reduce((least, { debits }) => (debits < least ? debits : least), 0n);
  const isCut = first > (figures.months[0]?.month ?? '');
  return {
    width,
    widthRem: columns.length * CHART_COLUMN_REM_MAX,
    top: -CHART_MARGIN,
    height: CHART_HEIGHT + 2 * CHART_MARGIN,
    axisY,
    first: first === '' ? '' : calendar.shortMonth(first),
    last: last === first ? '' : calendar.shortMonth(last),
    legend: [
      { name: 'Credits', tone: 'credit', sum: highest },
      { name: 'Debits', tone: 'debit', sum: lowest },
    ]
      .filter(({ sum }) => sum !== 0n)
      .map(({ name, tone, sum }) => ({ name, tone, most: formats.money(sum) })),
    note: isCut ? `The chart shows the newest ${formats.counted(columns.length, 'month')}.` : null,
    columns: columnList(columns.map((column) => describeColumn(column, axisY, formats, calendar))),
  };
}

function describeColumn(
  { month, credits, debits, x, creditY, creditHeight, debitHeight }: ChartColumn,
  axisY: number,
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  return {
    name: calendar.month(month),
    credits: formats.change(credits),
    debits: formats.change(debits),
    left: x + CHART_COLUMN / 10,
    width: (CHART_COLUMN * 8) / 10,
    creditY,
    creditHeight,
    debitY: axisY,
    debitHeight,
  };
}
