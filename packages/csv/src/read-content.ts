import { open } from 'node:fs/promises';
import { plainDecoding, type Compression, type Decoding } from './decoding.js';
import { makeInflater } from './inflater.js';
import { makeTranscoder } from './transcoder.js';

/** Large enough that a read costs nothing beside its rows, small enough to have many files open. */
const READ_BYTES = 1024 * 1024;

/**
 * A read is handed out in smaller pieces. Records of a piece are mostly forgotten before the next scavenge of the
 * garbage collector, which has to copy those that are not: with a whole read at a time it took two thirds of the time.
 */
const PIECE_BYTES = 64 * 1024;

/** A piece of the content. Its bytes are another piece's when the next one is read. */
export interface ContentPiece {
  bytes: Buffer;
  /** How far the file is read, in bytes of the file. */
  bytesRead: number;
}

/**
 * Reads the content of a file piece by piece, whatever it is packed with and written in: what comes is UTF-8, if the file is
 * what it is said to be. This is the one way to the bytes of a private copy. The file is closed when the loop ends.
 * @throws CompressionError, UndefinedByteError, and the errors of the file system
 */
export async function* readContent(
  path: string,
  { compression, encoding }: Decoding = plainDecoding,
): AsyncGenerator<ContentPiece, void, undefined> {
  const transcode = makeTranscoder(encoding);
  for await (const { bytes, bytesRead } of readUnpacked(path, compression)) {
    yield { bytes: transcode(bytes), bytesRead };
  }
}

/** Reads what is in a file, in its own encoding; otherwise as `readContent`. */
export async function* readUnpacked(
  path: string,
  compression: Compression,
): AsyncGenerator<ContentPiece, void, undefined> {
  if (compression === 'none') {
    yield* readFile(path);
    return;
  }
  const inflater = makeInflater();
  try {
    let read = 0;
    for await (const piece of readFile(path)) {
      read = piece.bytesRead;
      for await (const bytes of inflater.push(piece.bytes)) yield { bytes, bytesRead: read };
    }
    for (const bytes of await inflater.end()) yield { bytes, bytesRead: read };
  } finally {
    inflater.close();
  }
}

async function* readFile(path: string): AsyncGenerator<ContentPiece, void, undefined> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    let bytesRead = 0;
    for (;;) {
      const { bytesRead: length } = await handle.read(buffer, 0, READ_BYTES, null);
      if (length === 0) return;
      for (let at = 0; at < length; at += PIECE_BYTES) {
        const bytes = buffer.subarray(at, Math.min(at + PIECE_BYTES, length));
        bytesRead += bytes.length;
        yield { bytes, bytesRead };
      }
    }
  } finally {
    await handle.close();
  }
}
