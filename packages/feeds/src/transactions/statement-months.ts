import type { StatementCalendar } from './statement-calendar.js';
import type { StatementMonth, StatementTransaction } from './statement-figures.js';

/** The sums of an account's transactions by month. */
export interface MonthSums {
  add(transaction: StatementTransaction): void;
  /** The earliest first. */
  months(): StatementMonth[];
}

/** @param calendar which also says the day of each transaction: so each is summed in the month of its day */
export function makeMonthSums(calendar: StatementCalendar): MonthSums {
  const byName = new Map<string, StatementMonth>();
  return {
    add({ occurredAt, amountMinor }) {
      const name = calendar.monthOf(occurredAt);
      let month = byName.get(name);
      if (month === undefined) byName.set(name, (month = emptyMonth(name)));
      month.count += 1;
      if (amountMinor > 0n) {
        month.creditCount += 1;
        month.credits += amountMinor;
      } else if (amountMinor < 0n) {
        month.debitCount += 1;
        month.debits += amountMinor;
      }
    },
    months: () => [...byName.values()].sort((one, other) => (one.month < other.month ? -1 : 1)),
  };
}

function emptyMonth(month: string): StatementMonth {
  return { month, count: 0, credits: 0n, debits: 0n, creditCount: 0, debitCount: 0 };
}
