import { currencyDecimals, formatAmount } from '@passbook/ledger';

/** How amounts of one currency and counts look to a reader. Each function is pure. */
export interface StatementFormats {
  /** Minor units with the sign of the currency; a minus where negative. */
  money: (minor: bigint) => string;
  /** The same, and a plus where positive: for amounts that change a balance. */
  change: (minor: bigint) => string;
  count: (count: number | bigint) => string;
  /** `1 transaction`, `2 transactions`: the words of a page are English in every locale. */
  counted: (count: number | bigint, noun: string) => string;
}

// Making a formatter of Intl takes a hundred times longer than using it. There are as many as currencies in use,
// since the locale is a setting: no bound is needed.
const formatsByKey = new Map<string, StatementFormats>();

/** Formats for one locale and currency; made once. Throws a RangeError where one of them is unknown. */
export function statementFormats(locale: string, currency: string): StatementFormats {
  const key = `${locale} ${currency}`;
  const known = formatsByKey.get(key);
  if (known !== undefined) return known;
  const made = makeFormats(locale, currency);
  formatsByKey.set(key, made);
  return made;
}

function makeFormats(locale: string, currency: string): StatementFormats {
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
  const { count, counted } = countFormats(locale);
  return {
    money: (minor) => money.format(decimalText(minor, decimals)),
    change: (minor) => change.format(decimalText(minor, decimals)),
    count,
    counted,
  };
}

/** Counts alone, for a page that has no currency of its own. */
export function countFormats(locale: string): Pick<StatementFormats, 'count' | 'counted'> {
  const format = new Intl.NumberFormat(locale);
  const count = (number: number | bigint): string => format.format(number);
  return { count, counted: (number, noun) => `${count(number)} ${noun}${Number(number) === 1 ? '' : 's'}` };
}

/** Intl reads decimal text digit by digit; a number would lose cents above 2^53. */
function decimalText(minor: bigint, decimals: number): Intl.StringNumericLiteral {
  return formatAmount(minor, decimals) as Intl.StringNumericLiteral;
}
