/**
 * Money is a bigint of minor units (cents, fils, yen) together with the number of decimals of its currency.
 * It enters and leaves as decimal text, and is at no moment a JavaScript number: 0.1 + 0.2 is not 0.3 there.
 */

/** What is wrong with the text of an amount. */
export type AmountFault = 'TYPE_AMOUNT' | 'PRECISION' | 'RANGE';

/** Digits before the dot. With the four decimals a currency can have, 17 digits: far below the 63 bits of Postgres. */
const AMOUNT_WHOLE_DIGITS_MAX = 13;

// ISO 4217, list one as published on 2026-01-01. Codes without minor units (metals, XDR, XTS, XXX) are no
// currency that an account can be in. A withdrawn code (HRK, BGN) is unknown, like a misspelt one.
const CURRENCIES_WITHOUT_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const CURRENCIES_WITH_3_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';
const CURRENCIES_WITH_4_DECIMALS = 'CLF UYW';
const CURRENCIES_WITH_2_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW ' +
  'CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF ' +
  'IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK ' +
  'MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP ' +
  'SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG ' +
  'YER ZAR ZMW ZWG';

const decimalsByCurrency = new Map<string, number>([
  ...CURRENCIES_WITHOUT_DECIMALS.split(' ').map((code) => [code, 0] as const),
  ...CURRENCIES_WITH_2_DECIMALS.split(' ').map((code) => [code, 2] as const),
  ...CURRENCIES_WITH_3_DECIMALS.split(' ').map((code) => [code, 3] as const),
  ...CURRENCIES_WITH_4_DECIMALS.split(' ').map((code) => [code, 4] as const),
]);

/** The decimals of a currency by ISO 4217, 0 to 4. Throws a RangeError for a code that is not an active one. */
export function currencyDecimals(currency: string): number {
  const decimals = decimalsByCurrency.get(currency);
  if (decimals === undefined) {
    throw new RangeError(
      `${JSON.stringify(currency)} is not the code of a currency in use (ISO 4217, such as USD).`,
    );
  }
  return decimals;
}

/**
 * An amount as text, `^[+-]?\d{1,13}(\.\d{1,n})?$` with n = `decimals` (no dot where n is 0), in minor units.
 * Text with more digits before the point is 'RANGE', with more decimals than the currency has 'PRECISION', all else is
 * 'TYPE_AMOUNT': nothing is guessed or rounded.
 * It runs once per row, so it looks at char codes: only the ASCII digits 48 to 57 are digits.
 */
export function parseAmount(text: string, decimals: number): bigint | AmountFault {
  const sign = text.charCodeAt(0);
  const start = sign === PLUS || sign === MINUS ? 1 : 0;
  const dot = digitsEnd(text, start);
  if (dot === start) return 'TYPE_AMOUNT';
  if (dot - start > AMOUNT_WHOLE_DIGITS_MAX) return tooLarge.test(text) ? 'RANGE' : 'TYPE_AMOUNT';
  if (dot === text.length) return BigInt(decimals === 0 ? text : text + '0'.repeat(decimals));

  if (text.charCodeAt(dot) !== DOT) return 'TYPE_AMOUNT';
  const end = digitsEnd(text, dot + 1);
  const given = end - dot - 1;
  if (given === 0 || end !== text.length) return 'TYPE_AMOUNT';
  if (given > decimals) return 'PRECISION';
  const digits = text.slice(0, dot) + text.slice(dot + 1);
  return BigInt(given === decimals ? digits : digits + '0'.repeat(decimals - given));
}

/** Minor units as decimal text with exactly `decimals` decimals: `-0.05`, `100.00`, `5`. Zero has no sign. */
export function formatAmount(minor: bigint, decimals: number): string {
  if (decimals === 0) return minor.toString();
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  const dot = digits.length - decimals;
  return `${minor < 0n ? '-' : ''}${digits.slice(0, dot)}.${digits.slice(dot)}`;
}

/**
 * The mean of `count` amounts that add up to `sum`, rounded half away from zero to a whole minor unit: 2.5 is 3, -2.5 is -3.
 * Null where there is nothing to average. Throws a RangeError for a negative or broken count.
 */
export function averageMinor(sum: bigint, count: bigint | number): bigint | null {
  const divisor = BigInt(count);
  if (divisor < 0n) throw new RangeError(`A count of amounts is never negative, but was ${divisor}.`);
  if (divisor === 0n) return null;
  const magnitude = sum < 0n ? -sum : sum;
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n);
  return sum < 0n ? -rounded : rounded;
}

/** An amount but for its size. */
const tooLarge = /^[+-]?[0-9]+(\.[0-9]+)?$/;

const PLUS = 43;
const MINUS = 45;
const DOT = 46;

/** Where the run of ASCII digits that begins at `start` ends. */
function digitsEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) break;
  }
  return at;
}
