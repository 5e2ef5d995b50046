import { isUtf8 } from 'node:buffer';

export interface Utf8Checker {
  /** Takes the next bytes; they may be cut anywhere, and are not kept. */
  push(bytes: Uint8Array): void;
  /** @returns null when all bytes are UTF-8; else where the first sequence begins that is not, from 0 */
  end(): number | null;
}

/**
 * Checks that bytes are UTF-8, and says where they first are not. Memory is that of one sequence. On which line that is, is
 * for `findLine`: to count the lines of every file would take twice as long as all the rest here.
 */
export function makeUtf8Checker(): Utf8Checker {
  let byteOffset = 0;
  /** The bytes of a sequence that is not whole yet: three at most. */
  let rest: Uint8Array = new Uint8Array(0);
  let isBroken = false;

  return {
    push(added) {
      if (isBroken) return;
      const bytes = rest.length > 0 ? Buffer.concat([rest, added]) : added;
      const whole = bytes.subarray(0, bytes.length - cutSequenceLength(bytes));
      isBroken = !isUtf8(whole);
      byteOffset += isBroken ? findFault(whole) : whole.length;
      // A copy: whoever pushes bytes may read the next ones into the same memory.
      rest = Uint8Array.from(bytes.subarray(whole.length));
    },
    end: () => (isBroken || rest.length > 0 ? byteOffset : null),
  };
}

/** How many bytes at the end are the beginning of a longer sequence. */
function cutSequenceLength(bytes: Uint8Array): number {
  for (let length = 1; length <= 3 && length <= bytes.length; length += 1) {
    const byte = bytes[bytes.length - length]!;
    if (isContinuation(byte)) continue;
    return sequenceLength(byte) > length ? length : 0;
  }
  return 0;
}

function findFault(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at]!);
    if (length === 0 || !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}

/** What the first byte of a sequence promises; 0 when no sequence begins with it. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
