import { currencyDecimals } from '@passbook/ledger';
import { makeMoneyWriter } from './money-writer.js';

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
    money: makeMoneyWriter(money, decimals),
    change: makeMoneyWriter(change, decimals),
    count,
    counted,
  };
}

type CountFormats = Pick<StatementFormats, 'count' | 'counted'>;

const countFormatsByLocale = new Map<string, CountFormats>();

/** Counts alone, for a page that has no currency of its own. Made once. */
export function countFormats(locale: string): CountFormats {
  const known = countFormatsByLocale.get(locale);
  if (known !== undefined) return known;
  const made = makeCountFormats(locale);
  countFormatsByLocale.set(locale, made);
  return made;
}

/** Most counts are those of a month, or of a statement. */
const COUNTS_REMEMBERED_MAX = 10_000;

function makeCountFormats(locale: string): CountFormats {
  const format = new Intl.NumberFormat(locale);
  const remembered = new Array<string | undefined>(COUNTS_REMEMBERED_MAX);
  const count = (number: number | bigint): string => {
    const at = Number(number);
    return at < COUNTS_REMEMBERED_MAX ? (remembered[at] ??= format.format(at)) : format.format(number);
  };
  return { count, counted: (number, noun) => `${count(number)} ${noun}${Number(number) === 1 ? '' : 's'}` };
}
