import { currencyDecimals, formatAmount } from '@passbook/ledger';

/** How figures look to a reader. Each function is pure. */
export interface StatementFormats {
  /** Minor units with the sign of the currency; a minus where negative. */
  money(minor: bigint): string;
  /** The same, and a plus where positive: for amounts that change a balance. */
  change(minor: bigint): string;
  count(count: number | bigint): string;
  /** `2021-01` as `January 2021` */
  month(month: string): string;
  /** `2021-01` as `Jan` */
  shortMonth(month: string): string;
  /** `2021-01` as `Jan 2021` */
  shortMonthAndYear(month: string): string;
  /** From the first month to the last, as `January – December 2021`. */
  period(first: string, last: string): string;
  /** The day of a moment (RFC 3339) in the time zone. */
  day(moment: string): string;
  /** The time of day of a moment in the time zone. */
  time(moment: string): string;
}

// Making a formatter of Intl takes a hundred times longer than using it. There are as many as currencies in use,
// since locale and time zone are settings: no bound is needed.
const formatsByKey = new Map<string, StatementFormats>();

/** Formats for one locale, currency and time zone; made once. Throws a RangeError where one of them is unknown. */
export function statementFormats(locale: string, currency: string, timeZone: string): StatementFormats {
  const key = `${locale} ${currency} ${timeZone}`;
  const known = formatsByKey.get(key);
  if (known !== undefined) return known;
  const made = makeFormats(locale, currency, timeZone);
  formatsByKey.set(key, made);
  return made;
}

function makeFormats(locale: string, currency: string, timeZone: string): StatementFormats {
  const decimals = currencyDecimals(currency);
  // The decimals are those of ISO 4217: Intl has those of cash (none for HUF), and would round cents away.
  const style = {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  } as const;
  const money = new Intl.NumberFormat(locale, style);
  const change = new Intl.NumberFormat(locale, { ...style, signDisplay: 'exceptZero' });
  const count = new Intl.NumberFormat(locale);
  // Months are those of the Gregorian calendar, also where the locale would count by another.
  const calendar = 'gregory';
  const month = new Intl.DateTimeFormat(locale, {
    calendar,
    timeZone: 'UTC',
    month: 'long',
    year: 'numeric',
  });
  const short = new Intl.DateTimeFormat(locale, { calendar, timeZone: 'UTC', month: 'short' });
  const shortAndYear = new Intl.DateTimeFormat(locale, {
    calendar,
    timeZone: 'UTC',
    month: 'short',
    year: 'numeric',
  });
  const day = new Intl.DateTimeFormat(locale, { calendar, timeZone, dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { calendar, timeZone, timeStyle: 'medium' });
  return {
    money: (minor) => money.format(decimalText(minor, decimals)),
    change: (minor) => change.format(decimalText(minor, decimals)),
    count: (number) => count.format(number),
    month: (text) => month.format(firstDay(text)),
    shortMonth: (text) => short.format(firstDay(text)),
    shortMonthAndYear: (text) => shortAndYear.format(firstDay(text)),
    period: (first, last) => month.formatRange(firstDay(first), firstDay(last)),
    day: (moment) => day.format(Date.parse(moment)),
    time: (moment) => time.format(Date.parse(moment)),
  };
}

/** Intl reads decimal text digit by digit; a number would lose cents above 2^53. */
function decimalText(minor: bigint, decimals: number): Intl.StringNumericLiteral {
  return formatAmount(minor, decimals) as Intl.StringNumericLiteral;
}

function firstDay(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`);
}
