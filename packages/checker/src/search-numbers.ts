import { createReadStream } from 'node:fs';
import { accountDigits } from './judge-row.js';

/** Finds account numbers in texts, also those written with blanks or hyphens, or inside of longer runs of digits. */
export interface NumberSearch {
  /** Takes the cell of a number; one that is none has nothing that could be found. */
  addCell(cell: string): void;
  /** @returns the last four digits of the first number in a text, or null */
  find(text: string): string | null;
  /** The same for a file of any size. */
  findInFile(path: string): Promise<string | null>;
  charactersSearched(): number;
}

/** One read. What could be the beginning of a number at its end is read again with the next. */
const READ_BYTES = 1024 * 1024;
/** The longest number, with a separator or two between all digits. */
const OVERLAP = 64;

export function makeNumberSearch(): NumberSearch {
  const numbers = new Set<string>();
  const lengths = new Set<number>();
  let searched = 0;

  const find = (text: string): string | null => {
    searched += text.length;
    for (const [run] of text.matchAll(/[0-9](?:[ -]{0,2}[0-9]){11,}/g)) {
      const digits = run.replaceAll(/[ -]/g, '');
      for (const length of lengths) {
        for (let from = 0; from + length <= digits.length; from++) {
          if (numbers.has(digits.slice(from, from + length)))
            return digits.slice(from + length - 4, from + length);
        }
      }
    }
    return null;
  };
  return {
    addCell(cell) {
      const digits = accountDigits(cell);
      if (digits === null) return;
      numbers.add(digits);
      lengths.add(digits.length);
    },
    find,
    async findInFile(path) {
      let rest = '';
      for await (const piece of createReadStream(path, { highWaterMark: READ_BYTES })) {
        const text = rest + (piece as Buffer).toString('latin1');
        const found = find(text);
        if (found) return found;
        rest = text.slice(-OVERLAP);
      }
      return null;
    },
    charactersSearched: () => searched,
  };
}
