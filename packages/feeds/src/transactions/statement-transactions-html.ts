import type { StatementCalendar } from './statement-calendar.js';
import type { StatementFigures, StatementTransaction } from './statement-figures.js';
import type { StatementFormats } from './statement-formats.js';
import { makeList } from './statement-page.js';
import { dayTransactionTemplate, groupTemplate, transactionTemplate } from './statement-template.js';

const groupList = makeList<keyof ReturnType<typeof describeGroup>>(groupTemplate);
const timedList = makeList<keyof Row>(transactionTemplate);
const dayList = makeList<keyof Row>(dayTransactionTemplate);

interface Row {
  id: string;
  day: string;
  time: string;
  amount: string;
  tone: 'credit' | '';
}

/** The transactions of one month that the page lists. */
interface Group {
  month: string;
  rows: Row[];
}

/** The list of transactions, month by month, both the newest first. */
export function describeTransactions(
  figures: StatementFigures,
  newest: readonly StatementTransaction[],
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  const groups = groupByMonth(newest, formats, calendar);
  // The export of a bank has days and no times: a column of midnights would say what nobody knows.
  const isTimed = groups.some(({ rows }) => rows.some(({ time }) => time !== calendar.midnight));
  return {
    isTimed,
    listed: describeListed(figures.transactionCount, newest.length, formats),
    transactions: groupList(groups.map((group) => describeGroup(group, isTimed, figures, formats, calendar))),
  };
}

function groupByMonth(
  newest: readonly StatementTransaction[],
  formats: StatementFormats,
  calendar: StatementCalendar,
): Group[] {
  const groups: Group[] = [];
  let last: Group | undefined;
  for (const { id, occurredAt, amountMinor } of newest) {
    const month = calendar.monthOf(occurredAt);
    if (last?.month !== month) groups.push((last = { month, rows: [] }));
    const { day, time } = calendar.dayAndTime(occurredAt);
    last.rows.push({
      id,
      day,
      time,
      amount: formats.change(amountMinor),
      tone: amountMinor > 0n ? 'credit' : '',
    });
  }
  return groups;
}

function describeGroup(
  { month, rows }: Group,
  isTimed: boolean,
  figures: StatementFigures,
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
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
