import type { CsvRecord } from '@passbook/csv';
import { openMendedFile } from '../mended-file.js';
import { normaliseHeaderCell } from '../recognise-header.js';
import { marksShownBy } from './amount-text.js';
import { isOrderOpen, makeDateReader, orderedPatterns } from './date-pattern.js';
import type { FileFormat, Hold } from './file-format.js';
import type { Format } from './format.js';

/** Whether the file itself has to show something: what its format leaves open, or that all its rows are of one account. */
export function hasToShow({ format: { columns }, account }: Pick<FileFormat, 'format' | 'account'>): boolean {
  return (
    account !== null ||
    isOrderOpen(columns.transaction_ts.pattern) ||
    columns.transaction.decimal === undefined
  );
}

/**
 * Gathers what the rows of a file show of what its format leaves open: the order of day and month, the decimal mark. Only
 * rows with as many cells as the header show anything: in others a cell may be another column's.
 * @returns the format with nothing open; a hold where the file shows nothing, or both, or has its header once more
 */
export function makeFormatProof(
  { format, account }: Pick<FileFormat, 'format' | 'account'>,
  given: readonly string[],
): { see(record: CsvRecord): void; end(): Format | Hold } {
  const { transaction_ts: time, transaction } = format.columns;
  const mended = openMendedFile(given, format.delimiter);
  const header = (mended?.header ?? given).map(normaliseHeaderCell);
  const place = (column: string): number => header.indexOf(normaliseHeaderCell(column));
  const order = isOrderOpen(time.pattern) ? makeOrderProof(time.pattern, time.year) : null;
  const timePlaces = [time.column, time.timeColumn].filter((column) => column !== undefined).map(place);
  const amountPlaces = [transaction.column, transaction.credit, transaction.debit]
    .filter((column) => column !== undefined)
    .map(place);
  const shown = { '.': false, ',': false, both: false };
  let repeatedAt: number | null = null;
  return {
    see(record) {
      const { cells } = mended?.read(record) ?? record;
      if (cells.length !== header.length) return;
      if (cells.every((cell, at) => normaliseHeaderCell(cell) === header[at])) repeatedAt ??= record.line;
      order?.see(timePlaces.map((at) => (cells[at] ?? '').trim()).join(' '));
      for (const at of amountPlaces) {
        const marks = marksShownBy(cells[at] ?? '', transaction);
        if (marks !== null) shown[marks] = true;
      }
    },
    end() {
      // Of the rows below it nobody can say whose they are, but where a column says it.
      if (repeatedAt !== null && account !== null) return explainRepeatedHeader(repeatedAt);
      const pattern = order === null ? time.pattern : order.end();
      const where = `in the format ${format.name}`;
      if (pattern === null) {
        return {
          code: 'AMBIGUOUS_DATE',
          message:
            'The dates can be read with the day first and with the month first, and no row shows which it is.',
          hint: `Set columns.transaction_ts.pattern ${where}, such as ${orderedPatterns(time.pattern).dayFirst}.`,
        };
      }
      if (transaction.decimal === undefined && shown['.'] === shown[','] && (shown['.'] || shown.both)) {
        return {
          code: 'AMBIGUOUS_DECIMAL',
          message:
            'The amounts can be read with a decimal point and with a decimal comma, and the rows do not show which it is.',
          hint: `Set columns.transaction.decimal ${where} to "." or ",".`,
        };
      }
      const decimal = transaction.decimal ?? (shown[','] ? ',' : '.');
      const thousands =
        transaction.thousands ??
        (transaction.decimal === undefined ? (decimal === ',' ? '.' : ',') : undefined);
      const columns = {
        ...format.columns,
        transaction_ts: { ...time, pattern },
        transaction: { ...transaction, decimal, thousands },
      };
      return { ...format, columns };
    },
  };
}

function explainRepeatedHeader(line: number): Hold {
  return {
    code: 'HEADER_REPEATED',
    message: `The header stands once more on line ${line}: the rows below it may be of another account.`,
    hint: 'Make a file of its own of each part.',
  };
}

/** Whether days come first: a number above 12 is a day. Where no date would differ, it does not matter. */
function makeOrderProof(
  pattern: string,
  year: number | undefined,
): { see(cell: string): void; end(): string | null } {
  const patterns = orderedPatterns(pattern);
  const dayFirst = makeDateReader(patterns.dayFirst, year);
  const monthFirst = makeDateReader(patterns.monthFirst, year);
  let [needsDayFirst, needsMonthFirst, matters] = [false, false, false];
  return {
    see(cell) {
      const [one, other] = [dayFirst(cell), monthFirst(cell)];
      if (one === null || other === null || one === other) return;
      const [isOne, isOther] = [isDay(one), isDay(other)];
      if (!isOne && !isOther) return;
      matters = true;
      if (isOne && !isOther) needsDayFirst = true;
      if (isOther && !isOne) needsMonthFirst = true;
    },
    end() {
      if (!matters) return patterns.dayFirst;
      if (needsDayFirst === needsMonthFirst) return null;
      return needsDayFirst ? patterns.dayFirst : patterns.monthFirst;
    },
  };
}

/** Whether a calendar has such a day, nearly: what is none shows nothing. */
function isDay(text: string): boolean {
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
