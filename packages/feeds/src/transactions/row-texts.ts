/** The first size of the store; it doubles when it is full, up to what a window needs. */
const FIRST_BYTES = 1024 * 1024;

/**
 * The rows of a window as one block of bytes. Strings for each row would cost five times the memory, all of it work for the
 * garbage collector; this is one buffer, used again for each window.
 */
export interface RowTexts {
  /** Keeps a row of ASCII. @returns its number in the window, from 0 */
  add(text: string): number;
  /** The bytes of these rows, one after the other, behind a beginning. */
  join(beginning: Buffer, rows: readonly number[]): Buffer;
  /** Forgets all rows. */
  clear(): void;
}

export function makeRowTexts(): RowTexts {
  let bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let count = 0;
  /** Where each row ends: where the next one begins. */
  let ends = new Uint32Array(1024);
  const endOf = (row: number): number => (row < 0 ? 0 : ends[row]!);
  return {
    add(text) {
      const start = endOf(count - 1);
      if (start + text.length > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2);
      if (count === ends.length) ends = enlarge(ends);
      ends[count] = start + bytes.write(text, start, 'latin1');
      return count++;
    },
    join(beginning, rows) {
      const size = rows.reduce((sum, row) => sum + endOf(row) - endOf(row - 1), beginning.length);
      const joined = Buffer.allocUnsafeSlow(size);
      let at = beginning.copy(joined);
      for (const row of rows) at += bytes.copy(joined, at, endOf(row - 1), endOf(row));
      return joined;
    },
    clear() {
      count = 0;
    },
  };
}

function enlarge(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
