import { isUtf8 } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeUtf8Checker } from './utf8-checker.js';

const RUNS = { numRuns: 5_000 };

/** Bytes of which many begin, continue or break a sequence, or end a line. */
const bytesLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['a', '\n', '\r', '\r\n', 'é', '€', '😀', '\u0800', '\ud7ff', '\ue000', '\u{10ffff}'].map(
          (text) => [...Buffer.from(text)],
        ),
      ),
      fc.constantFrom(
        [0x80],
        [0xbf],
        [0xc0],
        [0xc1],
        [0xc2],
        [0xe0],
        [0xe0, 0x9f],
        [0xed, 0xa0],
        [0xef, 0xbf],
        [0xf0, 0x8f],
        [0xf0, 0x9f, 0x98],
        [0xf4, 0x90],
        [0xf5],
        [0xff],
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

/** Pushes the pieces out of one buffer that is used again, as readers of files do. */
function check(bytes: Uint8Array, cuts: readonly number[] = []): number | null {
  const checker = makeUtf8Checker();
  const places = [0, ...cuts.toSorted((a, b) => a - b).filter((cut) => cut < bytes.length), bytes.length];
  const buffer = Buffer.alloc(bytes.length);
  places.slice(1).forEach((to, at) => {
    const piece = bytes.subarray(places[at], to);
    buffer.fill(0xff).set(piece);
    checker.push(buffer.subarray(0, piece.length));
  });
  return checker.end();
}

/** The longest beginning that is UTF-8 is found by trying all of them. */
function checkSlowly(bytes: Uint8Array): number | null {
  if (isUtf8(bytes)) return null;
  let byteOffset = bytes.length;
  while (!isUtf8(bytes.subarray(0, byteOffset))) byteOffset -= 1;
  return byteOffset;
}

describe('makeUtf8Checker', () => {
  test.each<[string, number[], number | null]>([
    ['nothing', [], null],
    ['text', [...Buffer.from('a\r\né€😀\n')], null],
    ['a byte that is never used', [0x61, 0xff], 1],
    ['Latin-1', [...Buffer.from('a\nb\r\nc\rJos'), 0xe9, 0x2c], 10],
    ['a sequence that breaks off', [0x61, 0xe2, 0x82, 0x41], 1],
    ['a sequence that the end cuts', [0x0a, 0xf0, 0x9f, 0x98], 1],
    ['a sequence that is longer than it needs to be', [0xc0, 0x80], 0],
    ['half of a surrogate pair', [0x61, 0xed, 0xa0, 0x80], 1],
    ['a character beyond the last', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a continuation without a beginning', [0x61, 0x80], 1],
  ])('says of %s where it is wrong', (_what, bytes, expected) => {
    expect(check(Uint8Array.from(bytes))).toEqual(expected);
    expect(check(Uint8Array.from(bytes), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual(expected);
  });

  test('finds what a slow checker finds, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(bytesLike, fc.array(fc.nat(30)), (bytes, cuts) => {
        const expected = checkSlowly(bytes);
        expect(check(bytes)).toEqual(expected);
        expect(check(bytes, cuts)).toEqual(expected);
      }),
      RUNS,
    );
  });

  test('takes all text that there is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) =>
        expect(check(Buffer.from(text))).toBeNull(),
      ),
    );
  });
});
