import { areTimed, type ListedTransaction } from './listed-transaction.js';
import type { StatementCalendar } from './statement-calendar.js';
import type { StatementFigures } from './statement-figures.js';
import type { StatementFormats } from './statement-formats.js';
import { makeList } from './statement-page.js';
import { dayTransactionTemplate, groupTemplate, transactionTemplate } from './statement-template.js';

const groupList = makeList<keyof ReturnType<typeof describeGroup>>(groupTemplate);
const timedList = makeList<ListedCell>(transactionTemplate);
const dayList = makeList<ListedCell>(dayTransactionTemplate);

type ListedCell = 'day' | 'time' | 'id' | 'amount' | 'tone';

/** The list of transactions, month by month, both the newest first. */
export function describeTransactions(
  figures: StatementFigures,
  newest: readonly ListedTransaction[],
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  const isTimed = areTimed(newest, calendar);
  const groups = groupByMonth(newest);
  return {
    isTimed,
    listed: describeListed(figures.transactionCount, newest.length, formats),
    transactions: groupList(groups.map((rows) => describeGroup(rows, isTimed, figures, formats, calendar))),
  };
}

function groupByMonth(newest: readonly ListedTransaction[]): ListedTransaction[][] {
  const groups: ListedTransaction[][] = [];
  for (const row of newest) {
    const last = groups.at(-1);
    if (last?.[0]!.month === row.month) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

function describeGroup(
  rows: readonly ListedTransaction[],
  isTimed: boolean,
  figures: StatementFigures,
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  const { month } = rows[0]!;
  const { count, credits, debits } = figures.months.find((one) => one.month === month)!;
  const listed = count === rows.length ? '' : `, ${formats.count(rows.length)} of them listed`;
  return {
    columns: isTimed ? 3 : 2,
    name: calendar.month(month),
    count: formats.counted(count, 'transaction') + listed,
    sum: formats.change(credits + debits),
    transactions: (isTimed ? timedList : dayList)(rows),
  };
}

function describeListed(count: number, listed: number, formats: StatementFormats): string {
  if (listed === count) return 'The newest first; each month with its sum.';
  return `Here are the newest ${formats.count(listed)}; the JSON file beside this page has all of them.`;
}
