import { open } from 'node:fs/promises';
import { makeRecordCursor, type RecordCursor } from './record-cursor.js';
import type { CsvRecord, RecordReaderOptions } from './record-reader.js';

/** Large enough that a read costs nothing beside its rows, small enough to have many files open. */
const READ_BYTES = 1024 * 1024;

/**
 * A read is handed out in smaller pieces. Records of a piece are mostly forgotten before the next scavenge of the
 * garbage collector, which has to copy those that are not: with a whole read at a time it took two thirds of the time.
 */
const PIECE_BYTES = 64 * 1024;

/**
 * Reads a file piece by piece: the file is never in memory. Each time the cursor stands before the records that end in one
 * piece, and has to be moved over all of them. A byte order mark is skipped. The file is closed when the loop ends, however
 * it ends.
 * @returns how far the file is read, in bytes
 * @throws TypeError with code ERR_ENCODING_INVALID_ENCODED_DATA when the file is not UTF-8, and the errors of the file
 * system
 */
export async function* readPieces(
  path: string,
  options: RecordReaderOptions = {},
): AsyncGenerator<{ cursor: RecordCursor; bytesRead: number }, void, undefined> {
  const cursor = makeRecordCursor(options);
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    let bytesRead = 0;
    for (;;) {
      const { bytesRead: length } = await handle.read(buffer, 0, READ_BYTES, null);
      if (length === 0) break;
      for (let at = 0; at < length; at += PIECE_BYTES) {
        const piece = buffer.subarray(at, Math.min(at + PIECE_BYTES, length));
        bytesRead += piece.length;
        cursor.push(piece);
        yield { cursor, bytesRead };
      }
    }
    cursor.end();
    yield { cursor, bytesRead };
  } finally {
    await handle.close();
  }
}

/** Reads the records of a file, those of one piece at a time, in the order of the file. Otherwise as `readPieces`. */
export async function* readRecords(
  path: string,
  options: RecordReaderOptions = {},
): AsyncGenerator<{ records: CsvRecord[]; bytesRead: number }, void, undefined> {
  for await (const { cursor, bytesRead } of readPieces(path, options)) {
    const records: CsvRecord[] = [];
    while (cursor.next()) records.push(cursor.record());
    yield { records, bytesRead };
  }
}
