import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { averageMinor, currencyDecimals, formatAmount, parseAmount } from './money.js';

/** What any bigint column of Postgres can hold. */
const minorUnits = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const decimalsOfACurrency = fc.constantFrom(0, 2, 3, 4);

describe('currencyDecimals', () => {
  test.each([
    ['USD', 2],
    ['EUR', 2],
    ['HUF', 2], // Intl would say 0: it follows the cash in use, not the standard
    ['IDR', 2],
    ['XCG', 2],
    ['JPY', 0],
    ['ISK', 0],
    ['XPF', 0],
    ['UYI', 0],
    ['BHD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s has %d decimals', (currency, decimals) => {
    expect(currencyDecimals(currency)).toBe(decimals);
  });

  test.each(['', 'usd', 'US', 'USDX', 'HRK', 'XAU', 'XXX', 'XTS', 'ZZZ', ' USD', 'constructor', '__proto__'])(
    'refuses %j with a sentence',
    (currency) => {
      expect(() => currencyDecimals(currency)).toThrow(RangeError);
      expect(() => currencyDecimals(currency)).toThrow(/is not the code of a currency in use/);
    },
  );

  test('Intl knows nearly every currency in the list, so no code is misspelt', () => {
    const known = new Set(Intl.supportedValuesOf('currency'));
    const inUse = [...known].filter((code) => decimalsOrNull(code) !== null);
    expect(inUse.length).toBeGreaterThanOrEqual(150);
    expect(
      ['USD', 'CHF', 'GBP', 'INR', 'CNY', 'BRL', 'ZAR', 'NGN'].every((code) => inUse.includes(code)),
    ).toBe(true);
  });
});

describe('parseAmount', () => {
  test.each<[string, number, bigint]>([
    ['0', 2, 0n],
    ['-0', 2, 0n],
    ['-0.00', 2, 0n],
    ['5', 2, 500n],
    ['5.1', 2, 510n],
    ['+5.10', 2, 510n],
    ['-0.05', 2, -5n],
    ['007.50', 2, 750n],
    ['7715.38', 2, 771538n],
    ['-8512.96', 2, -851296n],
    ['9999999999999.99', 2, 999999999999999n],
    ['-9999999999999.9999', 4, -99999999999999999n],
    ['9007199254993.25', 2, 900719925499325n],
    ['5', 0, 5n],
    ['-9999999999999', 0, -9999999999999n],
    ['1.5', 3, 1500n],
    ['1.234', 3, 1234n],
    ['1', 4, 10000n],
  ])('%s with %d decimals is %s minor units', (text, decimals, minor) => {
    expect(parseAmount(text, decimals)).toBe(minor);
  });

  test.each<[string, number]>([
    ['12.345', 2],
    ['12.340', 2], // a zero too many is still more than the currency has
    ['-12.3456789012345678901234567890', 2],
    ['5.0', 0],
    ['1.2345', 3],
    ['1.23456', 4],
  ])('%s with %d decimals is too precise', (text, decimals) => {
    expect(parseAmount(text, decimals)).toBe('PRECISION');
  });

  test.each([
    '',
    '-',
    '+',
    '.',
    '-.',
    '.5',
    '5.',
    '-5.',
    '+-5',
    '--5',
    '5-',
    '1,000.00',
    '1.000,00',
    '1.2.3',
    '1.234.',
    '1e5',
    '1E5',
    '0x10',
    '0b1',
    '1_000',
    '1n',
    ' 1',
    '1 ',
    '1\n',
    '\t1',
    '1.5 ',
    '1. 5',
    '1 000',
    '1\u00a0000',
    '$5',
    '(5.00)',
    '5.00CR',
    '−5', // U+2212
    '\uff11', // full-width
    '١٢', // Arabic-Indic
    '1.٢',
    '1\u0000',
    'NaN',
    'Infinity',
    'null',
    '12345678901234x',
    '12345678901234.',
  ])('%j is no amount', (text) => {
    expect(parseAmount(text, 2)).toBe('TYPE_AMOUNT');
  });

  test.each(['12345678901234', '-12345678901234.00', '00000000000000', '12345678901234.123'])(
    '%j has too many digits',
    (text) => expect(parseAmount(text, 2)).toBe('RANGE'),
  );

  test('says what the regular expressions of the rule say, for any text', () => {
    const alphabet = fc.constantFrom(...'0123456789', '.', '+', '-', ',', ' ', 'e', '_', '\uff11', '\n');
    const text = fc.oneof(fc.string(), fc.string({ unit: alphabet, maxLength: 20 }));
    fc.assert(
      fc.property(text, decimalsOfACurrency, (candidate, decimals) => {
        const parsed = parseAmount(candidate, decimals);
        if (ruleOf(decimals).test(candidate)) expect(typeof parsed).toBe('bigint');
        else if (/^[+-]?[0-9]{1,13}\.[0-9]+$/.test(candidate)) expect(parsed).toBe('PRECISION');
        else if (/^[+-]?[0-9]{14,}(\.[0-9]+)?$/.test(candidate)) expect(parsed).toBe('RANGE');
        else expect(parsed).toBe('TYPE_AMOUNT');
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('formatAmount', () => {
  test.each<[bigint, number, string]>([
    [-5n, 2, '-0.05'],
    [0n, 2, '0.00'],
    [5n, 0, '5'],
    [-5n, 0, '-5'],
    [10000n, 2, '100.00'],
    [-100n, 2, '-1.00'],
    [1n, 4, '0.0001'],
    [1234n, 3, '1.234'],
    [9007199254740993n, 2, '90071992547409.93'],
    [-(2n ** 63n), 2, '-92233720368547758.08'],
  ])('%s minor units with %d decimals are %s', (minor, decimals, text) => {
    expect(formatAmount(minor, decimals)).toBe(text);
  });

  test('what it writes is read back as the same amount', () => {
    const readable = fc.bigInt({ min: -9_999_999_999_999n, max: 9_999_999_999_999n });
    fc.assert(
      fc.property(readable, decimalsOfACurrency, (minor, decimals) => {
        expect(parseAmount(formatAmount(minor, decimals), decimals)).toBe(minor);
      }),
      { numRuns: 2_000 },
    );
  });

  test('what was read is written in one canonical form', () => {
    const whole = fc.bigInt({ min: 0n, max: 9_999_999_999_999n });
    fc.assert(
      fc.property(
        fc.constantFrom('', '+', '-'),
        whole,
        fc.integer({ min: 0, max: 99 }),
        (sign, units, cents) => {
          const fraction = String(cents).padStart(2, '0');
          const minor = parseAmount(`${sign}${units}.${fraction}`, 2);
          if (typeof minor !== 'bigint') throw new Error(`refused as ${minor}`);
          const isNegative = sign === '-' && (units > 0n || cents > 0);
          expect(formatAmount(minor, 2)).toBe(`${isNegative ? '-' : ''}${units}.${fraction}`);
        },
      ),
    );
  });
});

describe('averageMinor', () => {
  test.each<[bigint, bigint | number, bigint | null]>([
    [0n, 0, null],
    [5n, 0n, null],
    [0n, 3, 0n],
    [5n, 2, 3n],
    [-5n, 2, -3n],
    [7n, 3, 2n],
    [8n, 3, 3n],
    [-7n, 3, -2n],
    [-8n, 3, -3n],
    [1n, 2, 1n],
    [1n, 3, 0n],
    [-1n, 3, 0n],
    [26741095n, 53, 504549n],
    [2n ** 62n, 1n, 2n ** 62n],
  ])('%s over %s is %s', (sum, count, average) => {
    expect(averageMinor(sum, count)).toBe(average);
  });

  test.each([-1, -1n, 0.5, Number.NaN])('refuses %s as a count', (count) => {
    expect(() => averageMinor(10n, count)).toThrow(RangeError);
  });

  test('is the nearest whole unit, and of two equally near the one away from zero', () => {
    fc.assert(
      fc.property(minorUnits, fc.bigInt({ min: 1n, max: 10n ** 7n }), (sum, count) => {
        const average = averageMinor(sum, count) ?? fail();
        const error = average * count - sum; // count times the distance to the true mean, exactly
        const distance = error < 0n ? -error : error;
        expect(distance * 2n <= count).toBe(true);
        if (distance * 2n === count) expect(error > 0n).toBe(sum > 0n);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a mean and its mirror image are mirror images', () => {
    fc.assert(
      fc.property(minorUnits, fc.bigInt({ min: 1n, max: 1_000n }), (sum, count) => {
        expect(averageMinor(-sum, count)).toBe(-(averageMinor(sum, count) ?? fail()));
      }),
    );
  });
});

function ruleOf(decimals: number): RegExp {
  return decimals === 0 ? /^[+-]?[0-9]{1,13}$/ : new RegExp(`^[+-]?[0-9]{1,13}(\\.[0-9]{1,${decimals}})?$`);
}

function decimalsOrNull(currency: string): number | null {
  try {
    return currencyDecimals(currency);
  } catch {
    return null;
  }
}

function fail(): never {
  throw new Error('there is an average where the count is above 0');
}
