import type { StatementCalendar } from './statement-calendar.js';
import {
  CHART_COLUMN,
  CHART_HEIGHT,
  CHART_MARGIN,
  layOutChart,
  type ChartColumn,
} from './statement-chart.js';
import { describeAverage } from './statement-average.js';
import type { StatementFigures } from './statement-figures.js';
import type { StatementFormats } from './statement-formats.js';
import { makeList } from './statement-page.js';
import { columnTemplate, labelTemplate, monthTemplate } from './statement-template.js';

const columnList = makeList<keyof ReturnType<typeof describeColumn>>(columnTemplate);
const labelList = makeList<'month' | 'year'>(labelTemplate);
const monthList = makeList<keyof ReturnType<typeof describeSums>>(monthTemplate);

/** The chart and the table of the months. One month has neither a chart nor a last line: both would repeat it. */
export function describeMonths(
  figures: StatementFigures,
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  const { months, totalCreditsMinor, totalDebitsMinor, transactionCount } = figures;
  if (months.length === 0) return { months: null, chart: null, total: null };
  const all = { ...figures, count: transactionCount, credits: totalCreditsMinor, debits: totalDebitsMinor };
  const isOne = months.length === 1;
  return {
    months: monthList(months.map((month) => describeSums(calendar.month(month.month), month, formats))),
    chart: isOne ? null : describeChart(figures, formats, calendar),
    total: isOne ? null : monthList([describeSums('All months', all, formats)]),
  };
}

interface Sums {
  count: number;
  credits: bigint;
  debits: bigint;
  creditCount: number;
  debitCount: number;
}

function describeSums(name: string, sums: Sums, formats: StatementFormats) {
  return {
    name,
    count: formats.count(sums.count),
    credits: formats.money(sums.credits),
    debits: formats.money(sums.debits),
    averageCredit: describeAverage(sums.credits, sums.creditCount, formats),
    averageDebit: describeAverage(sums.debits, sums.debitCount, formats),
  };
}

/** How wide a month may get: so few months are not a wall of colour. */
const CHART_COLUMN_REM_MAX = 5;

/** So many names fit below the chart; of more months, some have one. */
const CHART_LABELS_MAX = 13;

/** So many names fit below the chart on a phone. */
const CHART_LABELS_OF_PHONE_MAX = 7;

function describeChart(figures: StatementFigures, formats: StatementFormats, calendar: StatementCalendar) {
  const { columns, width, axisY } = layOutChart(figures.months);
  const isCut = (columns[0]?.month ?? '') > (figures.months[0]?.month ?? '');
  return {
    width,
    widthRem: columns.length * CHART_COLUMN_REM_MAX,
    top: -CHART_MARGIN,
    height: CHART_HEIGHT + 2 * CHART_MARGIN,
    axisY,
    legend: describeLegend(columns, formats, calendar),
    note: isCut ? `The chart shows the newest ${formats.counted(columns.length, 'month')}.` : null,
    columns: columnList(columns.map((column) => describeColumn(column, axisY, formats, calendar))),
    labels: labelList(describeLabels(columns, calendar)),
    isDense: columns.length > CHART_LABELS_OF_PHONE_MAX,
  };
}

/** The kinds that have a bar, with the highest of them. */
function describeLegend(
  columns: readonly ChartColumn[],
  formats: StatementFormats,
  calendar: StatementCalendar,
) {
  const most = (isMore: (one: ChartColumn, other: ChartColumn) => boolean): ChartColumn =>
    columns.reduce((highest, column) => (isMore(column, highest) ? column : highest));
  const credits = most((one, other) => one.credits > other.credits);
  const debits = most((one, other) => one.debits < other.debits);
  return [
    { name: 'Credits', tone: 'credit', month: credits.month, sum: credits.credits },
    { name: 'Debits', tone: 'debit', month: debits.month, sum: debits.debits },
  ]
    .filter(({ sum }) => sum !== 0n)
    .map(({ name, tone, month, sum }) => ({
      name,
      tone,
      month: calendar.month(month),
      most: formats.money(sum),
    }));
}

/** Below every month its name, or below every second or third; the year below the first, and where it is another. */
function describeLabels(columns: readonly ChartColumn[], calendar: StatementCalendar) {
  const step = Math.ceil(columns.length / CHART_LABELS_MAX);
  let shown = '';
  return columns.map((column, at) => {
    if (at % step !== 0) return { month: '', year: '' };
    const { month, year } = calendar.monthAndYear(column.month);
    const isOther = year !== shown;
    shown = year;
    return { month, year: isOther ? year : '' };
  });
}

/** Two bars of each month stand above one another; a third is left between months. */
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
    left: x + CHART_COLUMN / 5,
    width: (CHART_COLUMN * 3) / 5,
    creditY,
    creditHeight,
    debitY: axisY,
    debitHeight,
  };
}
