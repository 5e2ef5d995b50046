import type { StatementCalendar } from './statement-calendar.js';
import type { StatementTransaction } from './statement-figures.js';
import type { StatementFormats } from './statement-formats.js';

/** A transaction as its reader sees it. It is described once: the page lists it, and the mail beside it, twice. */
export interface ListedTransaction extends StatementTransaction {
  /** Of its day: `2021-01` */
  month: string;
  day: string;
  time: string;
  /** With its currency, and a plus where positive. */
  amount: string;
  tone: 'credit' | '';
}

export function describeTransaction(
  { id, occurredAt, amountMinor }: StatementTransaction,
  formats: StatementFormats,
  calendar: StatementCalendar,
): ListedTransaction {
  const { day, time } = calendar.dayAndTime(occurredAt);
  return {
    id,
    occurredAt,
    amountMinor,
    month: calendar.monthOf(occurredAt),
    day,
    time,
    amount: formats.change(amountMinor),
    tone: amountMinor > 0n ? 'credit' : '',
  };
}

/** The export of a bank has days and no times: a column of midnights would say what nobody knows. */
export function areTimed(listed: readonly ListedTransaction[], { midnight }: StatementCalendar): boolean {
  return listed.some(({ time }) => time !== midnight);
}
