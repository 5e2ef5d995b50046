import type { CsvRecord } from '@passbook/csv';
import type { HoldCode } from '../codes.js';
import { identifyAccount, type AccountIdentity } from './account-identifier.js';
import { marksShownBy } from './amount-text.js';
import { isOrderOpen, makeDateReader, orderedPatterns } from './date-pattern.js';
import type { Format } from './format.js';

/*
 * The format of one file, with nothing left open: where its header is, whose rows they are, what its marks mean. It is
 * decided once, before anything is posted, and stored with the import: an edited format changes no import that is begun.
 */

export interface FileFormat {
  format: Format;
  headerLine: number;
  /** Whose all rows are; null where a column says it. The number itself is not kept. */
  account: AccountIdentity | null;
}

/** Why a file is held: nothing of it is posted before a person has decided. */
export interface Hold {
  code: HoldCode;
  /** What is open. */
  message: string;
  /** The setting that decides it. */
  hint: string;
}

/** Finds the account that the format takes from somewhere else than a column. */
export function resolveAccount(
  format: Format,
  { fileName, linesBefore }: { fileName: string; linesBefore: string },
  hashNumber: (number: string) => string,
): { format: Format; account: AccountIdentity | null } | Hold {
  const { column, constant, fileName: inName, linesBefore: inLines } = format.columns.account_number;
  if (column !== undefined) return { format, account: null };
  const text =
    constant ?? (inName === undefined ? firstGroup(inLines!, linesBefore) : firstGroup(inName, fileName));
  const account = text === null ? null : identifyAccount(text, format.name, hashNumber);
  if (account === null) {
    const place =
      constant === undefined
        ? inName === undefined
          ? 'The lines before the header do'
          : 'The name of the file does'
        : 'The format does';
    return {
      code: 'ACCOUNT',
      message: `${place} not show the account of these rows.`,
      hint: `Set columns.account_number in the format ${format.name}.`,
    };
  }
  // The number stays out of what is stored.
  const columns = { ...format.columns, account_number: { constant: `•••• ${account.last4}` } };
  return { format: { ...format, columns }, account };
}

/** Whether the file itself has to show something that its format leaves open. */
export function leavesOpen({ columns }: Format): boolean {
  return isOrderOpen(columns.transaction_ts.pattern) || columns.transaction.decimal === undefined;
}

/**
 * Gathers what the rows of a file show of what its format leaves open: the order of day and month, the decimal mark.
 * @returns the format with nothing open; a hold where the file shows nothing, or both
 */
export function makeFormatProof(
  format: Format,
  header: readonly string[],
): { see(record: CsvRecord): void; end(): Format | Hold } {
  const { transaction_ts: time, transaction } = format.columns;
  const place = (column: string): number =>
    header.findIndex((name) => name.trim().toLowerCase() === column.trim().toLowerCase());
  const order = isOrderOpen(time.pattern) ? makeOrderProof(time.pattern, time.year) : null;
  const timePlaces = [time.column, time.timeColumn].filter((column) => column !== undefined).map(place);
  const amountPlaces = [transaction.column, transaction.credit, transaction.debit]
    .filter((column) => column !== undefined)
    .map(place);
  const shown = { '.': false, ',': false, both: false };
  return {
    see({ cells }) {
      order?.see(timePlaces.map((at) => (cells[at] ?? '').trim()).join(' '));
      for (const at of amountPlaces) {
        const marks = marksShownBy(cells[at] ?? '', transaction);
        if (marks !== null) shown[marks] = true;
      }
    },
    end() {
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
      matters = true;
      if (Number(other.slice(5, 7)) > 12 && Number(one.slice(5, 7)) <= 12) needsDayFirst = true;
      if (Number(one.slice(5, 7)) > 12 && Number(other.slice(5, 7)) <= 12) needsMonthFirst = true;
    },
    end() {
      if (!matters) return patterns.dayFirst;
      if (needsDayFirst === needsMonthFirst) return null;
      return needsDayFirst ? patterns.dayFirst : patterns.monthFirst;
    },
  };
}

function firstGroup(pattern: string, text: string): string | null {
  return new RegExp(pattern, 'u').exec(text)?.[1] ?? null;
}
