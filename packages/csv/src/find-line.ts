import type { Compression } from './decoding.js';
import { readUnpacked } from './read-content.js';

const LF = 10;
const CR = 13;

/**
 * The physical line of a file, from 1, that the byte at this place of its content is on. LF, CRLF and CR end a line, in each
 * encoding that is read.
 * @param byteOffset in what is packed, not in the file, where that is packed
 */
export async function findLine(
  path: string,
  byteOffset: number,
  compression: Compression = 'none',
): Promise<number> {
  let line = 1;
  let last = 0;
  let left = byteOffset;
  for await (const { bytes } of readUnpacked(path, compression)) {
    const end = Math.min(bytes.length, left);
    for (let at = 0; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === CR || (byte === LF && last !== CR)) line += 1;
      last = byte;
    }
    left -= end;
    if (left === 0) break;
  }
  return line;
}
