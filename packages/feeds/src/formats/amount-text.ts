import type { AmountLayout } from './format.js';

/** The marks of numbers in a file. */
export interface AmountMarks {
  decimal: '.' | ',';
  /** Between groups of three digits; null: there is none. */
  thousands: string | null;
}

/** Blanks that banks write into and around numbers. */
const blanks = /[\u00a0\u2007\u2009\u202f]/g;

/**
 * The text of an amount as `-1234.50`, or null when it is none by these marks: a thousands mark stands between groups of
 * three digits only, a sign where the layout says. Nothing is guessed, rounded or left out.
 */
export function readAmountText(
  cell: string,
  { sign, strip }: Pick<AmountLayout, 'sign' | 'strip'>,
  { decimal, thousands }: AmountMarks,
): string | null {
  const signed = splitSign(tidy(cell, strip), sign);
  if (signed === null) return null;
  const [whole = '', fraction, ...more] = signed.digits.split(decimal);
  if (more.length > 0 || (fraction !== undefined && !/^\d+$/.test(fraction))) return null;
  const groups = thousands === null ? [whole] : whole.split(thousands);
  const isGrouped =
    groups.length > 1 &&
    /^[1-9]\d{0,2}$/.test(groups[0]!) &&
    groups.slice(1).every((group) => /^\d{3}$/.test(group));
  if (!isGrouped && !/^\d+$/.test(whole)) return null;
  return `${signed.isNegative ? '-' : ''}${groups.join('')}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** What an amount shows of the marks of its file: of 1,234 nothing, it can be read in two ways. */
export function marksShownBy(
  cell: string,
  { sign, strip }: Pick<AmountLayout, 'sign' | 'strip'>,
): '.' | ',' | 'both' | null {
  const text = splitSign(tidy(cell, strip), sign)?.digits ?? '';
  const marks = [...text].filter((character) => character === '.' || character === ',');
  const last = marks.at(-1);
  if (last === undefined) return null;
  // Two kinds of marks: the last is the decimal one. One kind, twice: it parts thousands.
  if (new Set(marks).size === 2) return last;
  if (marks.length > 1) return last === '.' ? ',' : '.';
  // No thousands begin with a zero.
  return /^[1-9]\d{0,2}[.,]\d{3}$/.test(text) ? 'both' : last;
}

/** Without what means nothing: blanks around it, signs of a currency; a minus of typesetters is a minus. */
function tidy(cell: string, strip: readonly string[]): string {
  let text = cell
    .replace(blanks, ' ')
    .replace(/\u2212/g, '-')
    .trim();
  for (const one of strip) {
    if (text.startsWith(one)) text = text.slice(one.length).trim();
    if (text.endsWith(one)) text = text.slice(0, -one.length).trim();
  }
  return text;
}

function splitSign(text: string, sign: AmountLayout['sign']): { isNegative: boolean; digits: string } | null {
  const forms = {
    leading: /^(?<minus>-)?\+?(?<digits>[\d., ']+)$/,
    trailing: /^(?<digits>[\d., ']+?)(?:\+|(?<minus>-))?$/,
    parentheses: /^(?:(?<minus>\()(?<inner>[\d., ']+)\)|(?<digits>[\d., ']+))$/,
  };
  const found = forms[sign].exec(text)?.groups;
  if (!found || text.startsWith('-+')) return null;
  return { isNegative: found['minus'] !== undefined, digits: (found['digits'] ?? found['inner'])! };
}
