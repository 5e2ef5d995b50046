import type { StatementMonth } from './statement-figures.js';

/** Three years of bars: more of them are too thin to tell apart on a phone. */
export const CHART_MONTHS_MAX = 36;

/** The height of the drawing, in its own units; a column is `CHART_COLUMN` of them wide. It is stretched to fit. */
export const CHART_HEIGHT = 1_000;
export const CHART_COLUMN = 10;

/** A sum that is not zero is seen, however small it is beside the others. */
const BAR_HEIGHT_MIN = 5;

/** Room above and below: more than the smallest bar needs beside an axis at the edge, so that no bar looks cut off. */
export const CHART_MARGIN = 40;

export interface ChartColumn {
  month: string;
  credits: bigint;
  debits: bigint;
  /** The left edge of the column. */
  x: number;
  /** The bar of the credits stands on the axis; 0 where there are none. */
  creditY: number;
  creditHeight: number;
  /** The bar of the debits hangs from the axis. */
  debitHeight: number;
}

export interface StatementChart {
  columns: ChartColumn[];
  width: number;
  /** Where zero is. */
  axisY: number;
}

/**
 * The bars of the newest months, at most `CHART_MONTHS_MAX`, oldest first. A month without a transaction between
 * two others keeps its place, so that equal distances are equal times. Both kinds of bars share one scale.
 */
export function layOutChart(months: readonly StatementMonth[]): StatementChart {
  const shown = newestMonths(months);
  const highest = shown.reduce((most, { credits }) => (credits > most ? credits : most), 0n);
  const lowest = shown.reduce((least, { debits }) => (debits < least ? debits : least), 0n);
  const range = highest - lowest;
  const axisY = range === 0n ? CHART_HEIGHT : barHeight(highest, range);
  const columns = shown.map(({ month, credits, debits }, index) => {
    const creditHeight = barHeight(credits, range);
    const debitHeight = barHeight(-debits, range);
    return {
      month,
      credits,
      debits,
      x: index * CHART_COLUMN,
      creditY: axisY - creditHeight,
      creditHeight,
      debitHeight,
    };
  });
  return { columns, width: shown.length * CHART_COLUMN, axisY };
}

type MonthSums = Pick<StatementMonth, 'month' | 'credits' | 'debits'>;

function newestMonths(months: readonly StatementMonth[]): MonthSums[] {
  const first = months[0];
  const last = months.at(-1);
  if (first === undefined || last === undefined) return [];
  const newest = new Map(months.slice(-CHART_MONTHS_MAX).map((month) => [month.month, month]));
  const shown: MonthSums[] = [];
  for (
    let month = last.month;
    month >= first.month && shown.length < CHART_MONTHS_MAX;
    month = monthBefore(month)
  ) {
    shown.push(newest.get(month) ?? { month, credits: 0n, debits: 0n });
  }
  return shown.reverse();
}

function monthBefore(month: string): string {
  const year = Number(month.slice(0, 4));
  const number = Number(month.slice(5));
  const before = number === 1 ? [year - 1, 12] : [year, number - 1];
  return `${String(before[0]).padStart(4, '0')}-${String(before[1]).padStart(2, '0')}`;
}

/** A share of the height, for the eye; the division is done on bigints, so that no sum is ever a float. */
function barHeight(sum: bigint, range: bigint): number {
  if (sum <= 0n) return 0;
  return Math.max(BAR_HEIGHT_MIN, Number((sum * BigInt(CHART_HEIGHT)) / range));
}
