import { describe, expect, test } from '@jest/globals';
import { formatAmount } from '@passbook/ledger';
import { assert, bigInt, constantFrom, oneof, property } from 'fast-check';
import { makeMoneyWriter } from './money-writer.js';

/** Groups of two and of three, none before five digits, other digits (two code units long in Adlam), signs behind. */
const LOCALES = [
  'en-US',
  'en-IN',
  'de-DE',
  'de-CH',
  'es-ES',
  'pl-PL',
  'pt-PT',
  'fr-FR',
  'lv-LV',
  'bg-BG',
  'he-IL',
  'ar-EG',
  'fa-IR',
  'hi-IN',
  'ne-NP',
  'bn-BD',
  'my-MM',
  'th-TH-u-nu-thai',
  'ff-Adlm',
  'en-u-nu-hanidec',
  'en-u-nu-mathsanb',
  'ja-JP',
];
const CURRENCIES: [string, number][] = [
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['CLF', 4],
  ['CHF', 2],
];

/** As many of three digits as of thirty. */
const amounts = oneof(
  ...[10n, 1_000n, 100_000n, 10_000_000n, 2n ** 63n, 10n ** 30n].map((most) => bigInt(-most, most)),
);

describe.each(LOCALES)('in %s', (locale) => {
  test.each(CURRENCIES)('any amount of %s is what Intl writes', (currency, decimals) => {
    const style = {
      style: 'currency',
      currency,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    };
    const formats = (['auto', 'exceptZero'] as const).map(
      (signDisplay) => new Intl.NumberFormat(locale, { ...style, signDisplay } as Intl.NumberFormatOptions),
    );
    const writers = formats.map((format) => makeMoneyWriter(format, decimals));
    assert(
      property(amounts, constantFrom(0, 1), (minor, which) => {
        const text = formatAmount(minor, decimals) as Intl.StringNumericLiteral;
        expect(writers[which]!(minor)).toBe(formats[which]!.format(text));
      }),
      {
        numRuns: 300,
        examples: [
          [0n, 0],
          [0n, 1],
        ],
      },
    );
  });
});

test('where the parts of an amount are not its text, each amount is left to Intl', () => {
  const format = new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' });
  const parts = format.formatToParts.bind(format);
  const others = (minor: Intl.StringNumericLiteral) =>
    parts(minor).map((part) => ({ ...part, value: part.value.replace('\u00a0', ' ') }));
  format.formatToParts = others as typeof format.formatToParts;
  const write = makeMoneyWriter(format, 2);
  expect([1n, 2n, -123_456n].map(write)).toEqual(['0,01\u00a0€', '0,02\u00a0€', '-1.234,56\u00a0€']);
});
