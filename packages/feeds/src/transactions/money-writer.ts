import { formatAmount } from '@passbook/ledger';

/*
 * A page has hundreds of amounts, and Intl takes longer for them than all else does. But what it writes around and
 * between the digits of an amount depends on its sign and on how many digits it has, not on which. So Intl is asked once
 * for each sign and number of digits, and its answer is taken apart; each further amount is put together from the pieces.
 */

/** Writes minor units of a currency as this format does. No digit passes through a float. */
export function makeMoneyWriter(format: Intl.NumberFormat, decimals: number): (minor: bigint) => string {
  const localise = makeLocaliser(format);
  const ofDebits: (Layout | null | undefined)[] = [];
  const ofCredits: (Layout | null | undefined)[] = [];
  const textOf = (minor: bigint) => formatAmount(minor, decimals) as Intl.StringNumericLiteral;
  const zero = format.format(0n);
  return (minor) => {
    if (minor === 0n) return zero;
    const isDebit = minor < 0n;
    const digits = minor
      .toString()
      .slice(isDebit ? 1 : 0)
      .padStart(decimals + 1, '0');
    const layouts = isDebit ? ofDebits : ofCredits;
    let layout = layouts[digits.length];
    if (layout === undefined) {
      const read = readLayout(format.formatToParts(textOf(minor)));
      // The parts need not be the whole truth: of times, V8 writes other blanks into the one than into the other.
      layout = lay(localise(digits), read) === format.format(textOf(minor)) ? read : null;
      layouts[digits.length] = layout;
    }
    return layout === null ? format.format(textOf(minor)) : lay(localise(digits), layout);
  };
}

/** The text before the digits; then, again and again, so many digits and the text after them. */
interface Layout {
  before: string;
  groups: { digits: number; after: string }[];
}

function readLayout(parts: readonly Intl.NumberFormatPart[]): Layout {
  const layout: Layout = { before: '', groups: [] };
  for (const { type, value } of parts) {
    const last = layout.groups.at(-1);
    if (type === 'integer' || type === 'fraction') layout.groups.push({ digits: value.length, after: '' });
    else if (last) last.after += value;
    else layout.before += value;
  }
  return layout;
}

function lay(digits: string, { before, groups }: Layout): string {
  let text = before;
  let from = 0;
  for (const group of groups) {
    text += digits.slice(from, from + group.digits) + group.after;
    from += group.digits;
  }
  return text;
}

/** Makes the digits those of the format's numbering system, of which some are two code units long. */
function makeLocaliser(format: Intl.NumberFormat): (digits: string) => string {
  const { locale, numberingSystem } = format.resolvedOptions();
  const plain = new Intl.NumberFormat(locale, { numberingSystem, useGrouping: false });
  const localDigits = Array.from({ length: 10 }, (_, digit) => plain.format(digit));
  if (localDigits.join('') === '0123456789') return (digits) => digits;
  return (digits) => digits.replace(/\d/g, (digit) => localDigits[Number(digit)]!);
}
