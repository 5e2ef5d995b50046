import { isAscii } from 'node:buffer';
import { open } from 'node:fs/promises';
import { makeRecordReader, type CsvRecord, type RecordReaderOptions } from './record-reader.js';

/** Large enough that a read costs nothing beside its rows, small enough to have many files open. */
const READ_BYTES = 1024 * 1024;

/**
 * A read is handed out in smaller pieces. Records of a piece are mostly forgotten before the next scavenge of the
 * garbage collector, which has to copy those that are not: with a whole read at a time it took two thirds of the time.
 */
const PIECE_BYTES = 64 * 1024;

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads the records of a file, those of one piece at a time: the file is never in memory. A byte order mark is skipped.
 * The file is closed when the loop over the records ends, however it ends.
 * @returns records in the order of the file, and how far it is read, in bytes
 * @throws TypeError with code ERR_ENCODING_INVALID_ENCODED_DATA when the file is not UTF-8, and the errors of the file
 * system
 */
export async function* readRecords(
  path: string,
  options: RecordReaderOptions = {},
): AsyncGenerator<{ records: CsvRecord[]; bytesRead: number }, void, undefined> {
  const reader = makeRecordReader(options);
  const decoder = makeDecoder();
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
        yield { records: reader.push(decoder.decode(piece)), bytesRead };
      }
    }
    yield { records: [...reader.push(decoder.end()), ...reader.end()], bytesRead };
  } finally {
    await handle.close();
  }
}

/** Decodes bytes that are cut anywhere. Those that are ASCII, most of all files, need not go through a TextDecoder. */
function makeDecoder(): { decode(bytes: Buffer): string; end(): string } {
  // It would look for the byte order mark in the first bytes that it gets, which need not be the first of the file.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let isBetweenSequences = true;
  let isStart = true;
  return {
    decode(bytes) {
      if (isBetweenSequences && isAscii(bytes)) {
        isStart = false;
        return bytes.toString('latin1');
      }
      isBetweenSequences = bytes.at(-1)! < 0x80;
      const text = decoder.decode(bytes, { stream: true });
      if (!isStart || text === '') return text;
      isStart = false;
      return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    },
    end: () => decoder.decode(),
  };
}
