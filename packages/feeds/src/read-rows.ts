import { readPieces, type CsvRecord, type PlainLine, type RecordCursor } from '@passbook/csv';
import type { Chunking, RowException } from '@passbook/imports';
import type { RowReader } from './feed.js';
import type { FileFormat } from './formats/file-format.js';

/** Goes over the rows of a file: its records without the header and what a format says stands before and after. */
export interface RowCursor {
  /** The cells of the header, once `next` has been true. */
  readonly header: readonly string[];
  /** Moves to the next row in what was read. @returns false when there is none */
  next(): boolean;
  /** The present row as bytes, if it is a plain line. */
  plain(): PlainLine | null;
  /** The present row. */
  record(): CsvRecord;
  /** Its size in characters, with its line end. */
  size(): number;
}

/**
 * Takes the present row into the window, by its bytes where that can be.
 * @returns its line and its faults, if it has any: then it is in no chunk
 */
export function takeRow(reader: RowReader, row: RowCursor): BadRow | null {
  const plain = row.plain();
  if (plain && reader.takeLine(plain)) return null;
  const record = row.record();
  const faults = reader.take(record);
  return (
    faults && { line: record.line, faults, ...(reader.describe && { payload: reader.describe(record) }) }
  );
}

/** A row with faults, and what stands in it where that is kept. */
export type BadRow = Pick<RowException, 'line' | 'faults' | 'payload'>;

/** How the file of an import is read beside the bytes: see `Chunking`. */
export type RowLayout = Pick<Chunking, 'format' | 'decoding'>;

/**
 * Reads the rows of a file piece by piece. Each time the cursor has to be moved over all that there are.
 * @returns how far the file is read, in bytes
 * @throws as `readPieces`
 */
export async function* readRows(
  path: string,
  layout: RowLayout,
): AsyncGenerator<{ rows: RowCursor; bytesRead: number }, void, undefined> {
  const fileFormat = (layout.format as FileFormat | undefined) ?? null;
  const rows = makeRowCursor(fileFormat);
  let bytesRead = 0;
  const { decoding } = layout;
  for await (const piece of readPieces(path, { decoding, delimiter: fileFormat?.format.delimiter ?? ',' })) {
    ({ bytesRead } = piece);
    rows.use(piece.cursor);
    yield { rows, bytesRead };
  }
  if (rows.end()) yield { rows, bytesRead };
}

function makeRowCursor(
  fileFormat: FileFormat | null,
): RowCursor & { use(cursor: RecordCursor): void; end(): boolean } {
  let cursor: RecordCursor;
  let header: readonly string[] | null = null;
  const findHeader = (): boolean => {
    while (cursor.next()) {
      const record = cursor.record();
      if (fileFormat !== null && record.line < fileFormat.headerLine) continue;
      header = record.cells;
      return true;
    }
    return false;
  };
  const tail = fileFormat && fileFormat.format.linesAfter.length > 0 ? makeTail(fileFormat) : null;
  return {
    get header() {
      return header ?? [];
    },
    use: (given) => void (cursor = given),
    next: () => (header !== null || findHeader()) && (tail ? tail.next(cursor) : cursor.next()),
    plain: () => (tail ? null : cursor.plain()),
    record: () => (tail ? tail.record() : cursor.record()),
    size: () => (tail ? tail.record().size : cursor.size()),
    end: () => tail?.end() ?? false,
  };
}

/**
 * Holds the last records back: only the end of the file tells whether they are what the format says follows the rows. A
 * record in the middle that looks the same is a row.
 */
function makeTail({ format }: FileFormat): {
  next(cursor: RecordCursor): boolean;
  record(): CsvRecord;
  /** No more comes. @returns whether there are rows left */
  end(): boolean;
} {
  const patterns = format.linesAfter.map((pattern) => new RegExp(pattern, 'u'));
  const held: CsvRecord[] = [];
  let present: CsvRecord;
  let isEnded = false;
  const textOf = ({ raw, cells }: CsvRecord): string => raw ?? cells.join(format.delimiter);
  return {
    next(cursor) {
      while (!isEnded && held.length <= patterns.length) {
        if (!cursor.next()) return false;
        held.push(cursor.record());
      }
      const next = held.shift();
      if (next !== undefined) present = next;
      return next !== undefined;
    },
    record: () => present,
    end() {
      isEnded = true;
      // From the last line up, in the order in which the format names them: each once, and any may be missing.
      for (const pattern of patterns.toReversed()) {
        const last = held.at(-1);
        if (last && pattern.test(textOf(last))) held.pop();
      }
      return held.length > 0;
    },
  };
}
