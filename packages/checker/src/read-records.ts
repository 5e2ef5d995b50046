import { parse } from 'csv-parse/sync';

/** A record of a file as it stands there. */
export interface FileRecord {
  /** The physical line on which it starts, from 1. */
  line: number;
  /** Null when a quotation mark is amiss: then the record is its first physical line. */
  cells: string[] | null;
  /** Where its bytes are, with the line end: from `start` up to `end`. */
  start: number;
  end: number;
}

const LF = 10;
const CR = 13;

/**
 * Reads all records of a file with csv-parse, as strictly as it can be. Lines are counted here, byte for byte: LF, CRLF and
 * CR may mix. After a faulty quotation mark it goes on at the next line.
 */
export function readRecords(bytes: Buffer, take: (record: FileRecord) => void): void {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const lineOf = makeLineCounter(bytes);
  let at = hasMark ? 3 : 0;
  for (;;) {
    const base = at;
    try {
      parse(bytes.subarray(base), {
        ...dialect,
        on_record: (cells: string[], { bytes: read }: { bytes: number }) => {
          const start = skipLineEnds(bytes, at);
          at = base + read;
          take({ line: lineOf(start), cells, start, end: at });
          return null;
        },
      });
      return;
    } catch (err) {
      if (!isQuoteError(err)) throw err;
      const start = skipLineEnds(bytes, at);
      at = endOfLine(bytes, start);
      take({ line: lineOf(start), cells: null, start, end: at });
    }
  }
}

/** The cells of one or more records that were found before. */
export function readCells(bytes: Buffer): string[][] {
  return parse(bytes, dialect);
}

const dialect = {
  relax_column_count: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
};

function isQuoteError(err: unknown): boolean {
  const codes = ['CSV_INVALID_CLOSING_QUOTE', 'INVALID_OPENING_QUOTE', 'CSV_QUOTE_NOT_CLOSED'];
  return codes.includes((err as { code?: string }).code ?? '');
}

/** For places that only grow: counts the line ends before each. */
function makeLineCounter(bytes: Buffer): (place: number) => number {
  let at = 0;
  let line = 1;
  return (place) => {
    for (; at < place; at++) {
      const byte = bytes[at];
      if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) line += 1;
    }
    return line;
  };
}

function skipLineEnds(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === LF || bytes[at] === CR) at += 1;
  return at;
}

function endOfLine(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at += 1;
  if (bytes[at] === CR && bytes[at + 1] === LF) return at + 2;
  return Math.min(at + 1, bytes.length);
}
