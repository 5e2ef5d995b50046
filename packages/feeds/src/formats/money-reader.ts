import type { Fault } from '@passbook/imports';
import { currencyDecimals, parseAmount } from '@passbook/ledger';
import { readAmountText, type AmountMarks } from './amount-text.js';
import type { AmountLayout } from './format.js';

/** The text of a cell, of which a fault names the column. */
export interface Cell {
  /** Null: it is no cell of the row. */
  column: string | null;
  text: string;
}

export type CellReader = (cells: readonly string[]) => Cell;

/** What a row moves: positive is a credit to the account. */
export interface Money {
  /** ISO 4217 */
  currency: string;
  amountMinor: bigint;
}

/** Reads amount and currency of a row by the layout of its format. */
export function makeMoneyReader(
  layout: AmountLayout,
  marks: AmountMarks,
  cellOf: (column: string) => CellReader,
  readCurrency: CellReader,
): (cells: readonly string[]) => Money | Fault[] {
  const pick = makeAmountPicker(layout, cellOf);
  return (cells) => {
    const currency = readCurrency(cells);
    const decimals = decimalsOf(currency.text);
    if (decimals === null) {
      const message = 'Write a currency in use by its code of ISO 4217, such as USD.';
      return [{ column: currency.column, code: 'CURRENCY', message }];
    }
    const picked = pick(cells);
    if (Array.isArray(picked)) return picked;
    const text = readAmountText(picked.text, layout, marks);
    const amount = text === null ? 'TYPE_AMOUNT' : parseAmount(text, decimals);
    const isSignTwice = picked.factor !== null && text !== null && text.startsWith('-');
    if (typeof amount !== 'bigint' || isSignTwice) {
      const code = typeof amount === 'bigint' ? 'TYPE_AMOUNT' : amount;
      return [{ column: picked.column, code, message: explainAmount(code, decimals, marks, isSignTwice) }];
    }
    const factor = (picked.factor ?? 1n) * (layout.negate ? -1n : 1n);
    return { currency: currency.text, amountMinor: amount * factor };
  };
}

/** Finds the cell of the amount. `factor`: what another column says of its sign; null where the amount has its own. */
function makeAmountPicker(
  layout: AmountLayout,
  cellOf: (column: string) => CellReader,
): (cells: readonly string[]) => (Cell & { factor: bigint | null }) | Fault[] {
  const signed = layout.column === undefined ? null : cellOf(layout.column);
  const sides = signed ? null : { credit: cellOf(layout.credit!), debit: cellOf(layout.debit!) };
  const flag = layout.flag && { ...layout.flag, cell: cellOf(layout.flag.column) };
  return (cells) => {
    if (signed && !flag) return { ...signed(cells), factor: null };
    if (signed && flag) {
      const said = flag.cell(cells).text;
      if (said === flag.credit || said === flag.debit)
        return { ...signed(cells), factor: said === flag.credit ? 1n : -1n };
      const message = `The cell is neither ${flag.credit} nor ${flag.debit}.`;
      return [{ column: flag.column, code: 'TYPE_VALUE', message }];
    }
    const [credit, debit] = [sides!.credit(cells), sides!.debit(cells)];
    const [hasCredit, hasDebit] = [credit, debit].map(({ text }) => text !== '');
    // Many banks write 0,00 where there is nothing.
    if (hasCredit && (!hasDebit || isZero(debit.text))) return { ...credit, factor: 1n };
    if (hasDebit && (!hasCredit || isZero(credit.text))) return { ...debit, factor: -1n };
    const message = `Exactly one of ${credit.column} and ${debit.column} has an amount.`;
    return [{ column: credit.column, code: hasCredit ? 'TYPE_AMOUNT' : 'MISSING_CELL', message }];
  };
}

function isZero(text: string): boolean {
  return /^0+([.,]0+)?$/.test(text);
}

function explainAmount(
  code: string,
  decimals: number,
  { decimal, thousands }: AmountMarks,
  isSignTwice: boolean,
): string {
  if (isSignTwice) return 'Another column says whether it is a debit: the amount has no sign.';
  if (code === 'PRECISION') return `The currency has ${decimals} decimals, the amount more.`;
  return `By its format an amount looks like ${thousands === null ? '1234' : `1${thousands}234`}${decimal}50.`;
}

function decimalsOf(currency: string): number | null {
  try {
    return currencyDecimals(currency);
  } catch (err) {
    if (err instanceof RangeError) return null;
    throw err;
  }
}
