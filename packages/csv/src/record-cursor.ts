import {
  makeRecordReader,
  RECORD_CHARS_MAX,
  type CsvRecord,
  type RecordReaderOptions,
} from './record-reader.js';
import { makeUtf8Decoder } from './utf8-decoder.js';

/*
 * Goes over the records of a file as bytes. Almost every record is a plain line: without quotation marks, whole, ended by
 * LF or CRLF. Of such a line only the places of its delimiters are looked for, in one loop; who knows what to do with the
 * bytes never makes strings of them. Every other record is read by the record reader, which alone says what a record is:
 * a test holds both to the same records, lines and sizes.
 */

/** A record that is a line of its own, as bytes. They are another line's when the cursor has moved on. */
export interface PlainLine {
  readonly bytes: Buffer;
  /** The physical line, from 1. */
  readonly line: number;
  /** How many cells it has. */
  readonly width: number;
  /** Cell `i` begins at `bounds[i]`; a delimiter or the line end is at `bounds[i + 1] - 1`. */
  readonly bounds: Int32Array;
}

export interface RecordCursor {
  /** The next piece of the file: all records of the piece before have been gone over. */
  push(bytes: Buffer): void;
  /** No more bytes will come: what is left is the last record. */
  end(): void;
  /** Moves to the next record that ends in what was pushed. @returns false when there is none */
  next(): boolean;
  /** The present record as bytes, if it is a plain line. */
  plain(): PlainLine | null;
  /** The present record. @throws TypeError with code ERR_ENCODING_INVALID_ENCODED_DATA when it is not UTF-8 */
  record(): CsvRecord;
  /** The size of the present record: characters, with its line end. */
  size(): number;
}

/** A line of more cells is left to the record reader. */
const CELLS_MAX = 256;

/** After so many records in a row that are no plain lines, the rest of a piece is read as text at once. */
const ODD_RECORDS_MAX = 3;

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** A cursor with the same options, and the same records, as a record reader. */
export function makeRecordCursor(options: RecordReaderOptions = {}): RecordCursor {
  const reader = makeRecordReader(options);
  const decoder = makeUtf8Decoder();
  const { delimiter = ',', recordCharsMax = RECORD_CHARS_MAX } = options;
  const scanner = makeScanner(delimiter.charCodeAt(0), recordCharsMax);
  let bytes: Buffer = Buffer.alloc(0);
  const line = { bytes, line: 0, width: 0, bounds: scanner.bounds };
  let at = 0;
  let isStart = true;
  let oddRecords = 0;
  /** Records of the record reader that were not gone over yet: the present one is the first, unless a plain line is. */
  let read: CsvRecord[] = [];
  let readAt = 0;
  let isPlain = false;

  const readOddly = (): void => {
    oddRecords += 1;
    const lineEnd = oddRecords > ODD_RECORDS_MAX ? -1 : bytes.indexOf(LF, at);
    const to = lineEnd === -1 ? bytes.length : lineEnd + 1;
    read = reader.push(decoder.decode(bytes.subarray(at, to)));
    readAt = -1;
    at = to;
    isStart = false;
  };
  return {
    push(piece) {
      bytes = line.bytes = piece;
      at = 0;
      // In a file of quoted cells the first lines of a piece are tried in vain, no more.
      oddRecords = 0;
    },
    end() {
      bytes = Buffer.alloc(0);
      at = 0;
      read = [...reader.push(decoder.end()), ...reader.end()];
      readAt = -1;
    },
    next() {
      isPlain = false;
      for (;;) {
        if (readAt + 1 < read.length) {
          readAt += 1;
          return true;
        }
        if (at >= bytes.length) return false;
        // The byte order mark and the header are for the record reader.
        const mayBePlain = !isStart && decoder.isBetweenSequences() && reader.isBetweenRecords();
        const width = mayBePlain ? scanner.scan(bytes, at) : 0;
        if (width === 0) {
          readOddly();
          continue;
        }
        line.width = width;
        line.line = reader.passLine();
        at = scanner.nextLine();
        oddRecords = 0;
        isPlain = true;
        return true;
      }
    },
    plain: () => (isPlain ? line : null),
    record() {
      if (!isPlain) return read[readAt]!;
      // With its line end: a sequence that is cut off by it is no UTF-8.
      const text = decoder.decode(bytes.subarray(line.bounds[0], scanner.nextLine()));
      const lineEnd = line.bounds[line.width]! - 1 - scanner.nextLine();
      return { line: line.line, cells: text.slice(0, lineEnd).split(delimiter), size: scanner.sizeOf(bytes) };
    },
    size: () => (isPlain ? scanner.sizeOf(bytes) : read[readAt]!.size),
  };
}

/** Looks for the delimiters of plain lines. */
function makeScanner(
  delimiter: number,
  recordBytesMax: number,
): {
  bounds: Int32Array;
  /** @returns how many cells the line has that begins here; 0 when it is no plain line */
  scan(bytes: Buffer, from: number): number;
  /** Where the next line begins. */
  nextLine(): number;
  /** The size of the line, with its end, in characters. */
  sizeOf(bytes: Buffer): number;
} {
  const bounds = new Int32Array(CELLS_MAX + 1);
  /** No byte beyond it means anything. */
  const lastSpecial = Math.max(delimiter, QUOTE);
  let next = 0;
  let isAscii = true;
  return {
    bounds,
    scan(bytes, from) {
      let width = 0;
      let seen = 0;
      bounds[0] = from;
      for (let at = from; at < bytes.length; at++) {
        const byte = bytes[at]!;
        seen |= byte;
        if (byte > lastSpecial) continue;
        if (byte === delimiter) {
          width += 1;
          if (width === CELLS_MAX) return 0;
          bounds[width] = at + 1;
          continue;
        }
        if (byte !== LF && byte !== CR && byte !== QUOTE) continue;
        if (byte === QUOTE || (byte === CR && bytes[at + 1] !== LF)) return 0;
        // An empty line is no record.
        if (at === from || at - from > recordBytesMax) return 0;
        width += 1;
        bounds[width] = at + 1;
        next = byte === CR ? at + 2 : at + 1;
        isAscii = seen < 0x80;
        return width;
      }
      return 0;
    },
    nextLine: () => next,
    sizeOf(bytes) {
      const from = bounds[0]!;
      return isAscii ? next - from : countUnits(bytes, from, next);
    },
  };
}

/** How many units of UTF-16 these bytes of UTF-8 are: one for each sequence, two for one of four bytes. */
function countUnits(bytes: Buffer, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
