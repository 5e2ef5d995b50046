import { isAscii } from 'node:buffer';
import type { Compression, Encoding } from './decoding.js';
import { CompressionError, makeInflater, type Inflater } from './inflater.js';
import { isGzip, MAGIC_BYTES, namePacking } from './name-packing.js';
import { findUndefinedByte } from './transcoder.js';
import { makeUtf8Checker } from './utf8-checker.js';

/** The beginning of a content that is kept: a header, and some rows. */
export const HEAD_BYTES = 64 * 1024;

/**
 * A file of transactions becomes a tenth of its size with gzip; one that says the same all over again a hundredth. What is
 * packed more tightly than this was made to fill a disk.
 */
export const INFLATION_MAX = 200;

/** Up to here nobody asks how tightly it was packed: every disk and every patience has room for it. */
export const INFLATED_FREE_BYTES = 100 * 1024 * 1024;

/** Why a content cannot be had. */
export interface ContentProblem {
  code: 'COMPRESSION' | 'FILE_TOO_LARGE';
  message: string;
  hint: string;
}

/** What one pass over the bytes of a file finds out about its content, whatever kind of file it is. */
export interface ContentFacts {
  compression: Compression;
  /** The first 64 KiB of the content: unpacked, in the encoding of the file, with its byte order mark. */
  head: Buffer;
  /** Whether the head is all of it. */
  isWhole: boolean;
  /** Whether there is nothing in it but white space, and a byte order mark. */
  isBlank: boolean;
  isUtf16: boolean;
  /** Whether all its bytes are ASCII: then it is in each encoding at once. */
  isAscii: boolean;
  /** For each encoding: where the first byte is that cannot be of it, from 0, in what was unpacked; null when there is none. */
  faultAt: Readonly<Record<Encoding, number | null>>;
  /** Null when all of it was read; else nothing else here is to be relied upon. */
  problem: ContentProblem | null;
}

export interface ContentInspector {
  /** Takes the next bytes of the file, which may be overwritten when it is done. */
  push(bytes: Buffer): Promise<void>;
  end(): Promise<ContentFacts>;
  /** For those who do not come to the end. */
  close(): void;
}

/**
 * Looks at the bytes of a file while somebody else copies them: unpacks them, checks them against each encoding, and keeps
 * the head. Memory is constant. A file with a problem is not looked at any further.
 * @param contentBytesMax the largest content that is taken, unpacked
 */
export function makeContentInspector(contentBytesMax: number): ContentInspector {
  const content = makeContentChecker();
  let problem: ContentProblem | null = null;
  let start: Buffer | null = Buffer.alloc(0);
  let inflater: Inflater | null = null;
  let bytesPacked = 0;

  const take = (bytes: Buffer): void => {
    content.push(bytes);
    if (content.size() > contentBytesMax) problem = tooLarge(contentBytesMax);
    else if (inflater && content.size() > Math.max(INFLATED_FREE_BYTES, bytesPacked * INFLATION_MAX))
      problem = tooTight;
  };
  const look = async (bytes: Buffer): Promise<void> => {
    if (!inflater) return take(bytes);
    bytesPacked += bytes.length;
    for await (const unpacked of inflater.push(bytes)) {
      take(unpacked);
      if (problem) return;
    }
  };
  const orProblem = async (work: () => Promise<void>): Promise<void> => {
    if (problem) return;
    try {
      await work();
    } catch (err) {
      if (!(err instanceof CompressionError)) throw err;
      problem = damaged(err.message);
    }
    if (problem) inflater?.close();
  };
  const begin = async (): Promise<void> => {
    const bytes = start!;
    start = null;
    if (isGzip(bytes)) inflater = makeInflater();
    await look(bytes);
  };
  return {
    push: (bytes) =>
      orProblem(async () => {
        if (!start) return look(bytes);
        start = Buffer.concat([start, bytes]);
        if (start.length >= MAGIC_BYTES) await begin();
      }),
    async end() {
      await orProblem(async () => {
        if (start) await begin();
        for (const bytes of (await inflater?.end()) ?? []) take(bytes);
      });
      const facts = content.end();
      problem ??= packed(facts.head, inflater !== null);
      return { compression: inflater ? 'gzip' : 'none', ...facts, problem };
    },
    close: () => inflater?.close(),
  };
}

/** Checks the unpacked bytes. */
function makeContentChecker(): {
  push(bytes: Buffer): void;
  size(): number;
  end(): Pick<ContentFacts, 'head' | 'isWhole' | 'isBlank' | 'isUtf16' | 'isAscii' | 'faultAt'>;
} {
  const utf8 = makeUtf8Checker();
  const head: Buffer[] = [];
  let size = 0;
  let isBlank = true;
  let undefinedAt: number | null = null;
  let isPlain = true;
  return {
    push(bytes) {
      utf8.push(bytes);
      isPlain &&= isAscii(bytes);
      if (!isPlain && undefinedAt === null) {
        const found = findUndefinedByte(bytes);
        if (found !== -1) undefinedAt = size + found;
      }
      // A copy: the bytes are another piece's when the next one is read.
      if (size < HEAD_BYTES) head.push(Buffer.from(bytes.subarray(0, HEAD_BYTES - size)));
      isBlank &&= isWhiteSpace(size === 0 ? withoutMark(bytes) : bytes);
      size += bytes.length;
    },
    size: () => size,
    end() {
      const start = Buffer.concat(head);
      return {
        head: start,
        isWhole: size === start.length,
        isBlank,
        isUtf16: looksLikeUtf16(start),
        isAscii: isPlain,
        faultAt: { 'utf-8': utf8.end(), 'windows-1252': undefinedAt, 'iso-8859-1': null },
      };
    },
  };
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Blanks, tabs and line ends. */
function isWhiteSpace(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 10 || byte === 13);
}

/** So many bytes are enough for a guess. */
const GUESS_BYTES = 1024;

/**
 * A byte order mark of UTF-16; or, without one, a text of which every other byte is zero, as letters of Latin have it: more
 * than half of those at even places, and none at the odd ones, or the other way round.
 */
function looksLikeUtf16(head: Buffer): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  const pairs = Math.floor(Math.min(head.length, GUESS_BYTES) / 2);
  const zeros = [0, 0];
  for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at % 2]! += 1;
  return Math.max(...zeros) > pairs / 2 && Math.min(...zeros) === 0;
}

function packed(head: Buffer, isInGzip: boolean): ContentProblem | null {
  const packing = isInGzip && isGzip(head) ? twice : namePacking(head);
  if (!packing) return null;
  const what = isInGzip ? 'What the file holds is' : 'The file is';
  return { code: 'COMPRESSION', message: `${what} ${packing.name}.`, hint: packing.hint };
}

const twice = { name: 'packed with gzip once more', hint: 'Unpack it once.' };

const tooTight: ContentProblem = {
  code: 'COMPRESSION',
  message: `The file is packed with gzip, and holds more than ${INFLATION_MAX} times its size.`,
  hint: 'Unpack it, look whether it is what you expect, and drop it unpacked.',
};

function damaged(reason: string): ContentProblem {
  return {
    code: 'COMPRESSION',
    message: `The file is packed with gzip, and cannot be unpacked (${reason}).`,
    hint: 'Transfer it again, in full; "gzip -t" says whether it is whole.',
  };
}

function tooLarge(contentBytesMax: number): ContentProblem {
  return {
    code: 'FILE_TOO_LARGE',
    message: `The file holds more than ${contentBytesMax} bytes.`,
    hint: 'Split it, or raise FILE_BYTES_MAX.',
  };
}
