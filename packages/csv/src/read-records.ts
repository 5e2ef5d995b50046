import type { Decoding } from './decoding.js';
import { readContent } from './read-content.js';
import { makeRecordCursor, type RecordCursor } from './record-cursor.js';
import type { CsvRecord, RecordReaderOptions } from './record-reader.js';

export interface ReadOptions extends RecordReaderOptions {
  /** How the bytes of the file become its content; as they are, by default. */
  decoding?: Decoding | undefined;
}

/**
 * Reads a file piece by piece: the file is never in memory. Each time the cursor stands before the records that end in one
 * piece, and has to be moved over all of them. A byte order mark is skipped. The file is closed when the loop ends, however
 * it ends.
 * @returns how far the file is read, in bytes of the file
 * @throws TypeError with code ERR_ENCODING_INVALID_ENCODED_DATA when the content is not UTF-8, and what `readContent` throws
 */
export async function* readPieces(
  path: string,
  { decoding, ...options }: ReadOptions = {},
): AsyncGenerator<{ cursor: RecordCursor; bytesRead: number }, void, undefined> {
  const cursor = makeRecordCursor(options);
  let read = 0;
  for await (const { bytes, bytesRead } of readContent(path, decoding)) {
    read = bytesRead;
    cursor.push(bytes);
    yield { cursor, bytesRead };
  }
  cursor.end();
  yield { cursor, bytesRead: read };
}

/** Reads the records of a file, those of one piece at a time, in the order of the file. Otherwise as `readPieces`. */
export async function* readRecords(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<{ records: CsvRecord[]; bytesRead: number }, void, undefined> {
  for await (const { cursor, bytesRead } of readPieces(path, options)) {
    const records: CsvRecord[] = [];
    while (cursor.next()) records.push(cursor.record());
    yield { records, bytesRead };
  }
}
