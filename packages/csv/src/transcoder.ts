import { isAscii } from 'node:buffer';
import type { Encoding } from './decoding.js';

/**
 * The characters of windows-1252 from 0x80 to 0x9f; five bytes are none. A TextDecoder makes control characters of those
 * five, and some versions of Node read all 32 as ISO 8859-1: so the table is our own.
 */
const WINDOWS_1252 = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';
const FIRST = 0x80;

/** The bytes that are no character of windows-1252. */
const undefinedBytes = [...WINDOWS_1252].flatMap((character, at) => (character === '\0' ? [FIRST + at] : []));

/** Bytes that are no character of the encoding that they are said to be in. */
export class UndefinedByteError extends Error {
  constructor() {
    super('The file has a byte that is no character of windows-1252.');
    this.name = 'UndefinedByteError';
  }
}

/**
 * Makes UTF-8 of the bytes of an encoding. Bytes of UTF-8 are given back as they are, and not looked at.
 * @returns what makes it, piece by piece; it throws UndefinedByteError
 */
export function makeTranscoder(encoding: Encoding): (bytes: Buffer) => Buffer {
  if (encoding === 'utf-8') return (bytes) => bytes;
  return (bytes) => {
    if (isAscii(bytes)) return bytes;
    // One byte is one character, and its code the byte itself.
    const text = bytes.toString('latin1');
    return Buffer.from(encoding === 'iso-8859-1' ? text : text.replace(/[\x80-\x9f]/g, decodeByte));
  };
}

/** Bytes as text; what is no character of the encoding becomes U+FFFD. A byte order mark of UTF-8 is left out. */
export function decodeText(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'utf-8') return new TextDecoder('utf-8').decode(bytes);
  const text = bytes.toString('latin1');
  if (encoding === 'iso-8859-1') return text;
  return text.replace(/[\x80-\x9f]/g, (character) => lookUp(character) ?? '\ufffd');
}

/** Where the first byte is that is no character of windows-1252; -1 when there is none. */
export function findUndefinedByte(bytes: Buffer): number {
  if (isAscii(bytes)) return -1;
  const found = undefinedBytes.map((byte) => bytes.indexOf(byte)).filter((at) => at !== -1);
  return found.length > 0 ? Math.min(...found) : -1;
}

function decodeByte(character: string): string {
  const decoded = lookUp(character);
  if (decoded === null) throw new UndefinedByteError();
  return decoded;
}

/** @param character of the code of a byte from 0x80 to 0x9f */
function lookUp(character: string): string | null {
  const decoded = WINDOWS_1252[character.charCodeAt(0) - FIRST]!;
  return decoded === '\0' ? null : decoded;
}
