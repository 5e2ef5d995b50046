import { describeTransaction, type ListedTransaction } from './listed-transaction.js';
import { figuresOf, type StatementReport } from './report-figures.js';
import type { StatementSnapshot } from './reports-due.js';
import { statementCalendar } from './statement-calendar.js';
import {
  STATEMENT_TRANSACTIONS_MAX,
  type StatementFigures,
  type StatementTransaction,
} from './statement-figures.js';
import { statementFormats } from './statement-formats.js';
import { makeMonthSums } from './statement-months.js';

/** What the page of a statement says, and its mail. */
export interface GatheredStatement {
  figures: StatementFigures;
  /** The newest first, at most STATEMENT_TRANSACTIONS_MAX. */
  newest: ListedTransaction[];
}

/** Takes the rows of a statement, a part at a time, and keeps no more of them than are listed. */
export interface StatementGatherer {
  /** The newest first. */
  add(rows: readonly StatementTransaction[]): void;
  /** When all rows were added. */
  end(): GatheredStatement;
}

/** @throws RangeError for a locale, currency or time zone that is not known */
export function gatherStatement(report: StatementReport): StatementGatherer {
  const formats = statementFormats(report.locale, (report.snapshot as StatementSnapshot).currency);
  const calendar = statementCalendar(report.locale, report.timeZone);
  const sums = makeMonthSums(calendar);
  const newest: ListedTransaction[] = [];
  return {
    add(rows) {
      for (const row of rows) {
        sums.add(row);
        if (newest.length < STATEMENT_TRANSACTIONS_MAX)
          newest.push(describeTransaction(row, formats, calendar));
      }
    },
    end: () => ({ figures: figuresOf(report, sums.months()), newest }),
  };
}
