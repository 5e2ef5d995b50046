import { ROW_BYTES } from './transaction-row.js';

/*
 * Rows as tuples of Postgres' COPY BINARY: each column has its length before it. A tuple is the account and the import,
 * then the row's own columns but the month.
 */

export interface RowsToCopy {
  importNo: number;
  accountId: bigint;
  /** As transaction-row.ts says. */
  rows: Buffer;
}

/** What is handed to the connection at once. */
const PIECE_BYTES = 64 * 1024;

/** Signature, no flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);

/** Where the values of a tuple are. */
const ACCOUNT = 6;
const IMPORT = 18;
const ID = 26;
const OCCURRED_AT = 46;
const AMOUNT = 58;
const LINE = 70;
const TUPLE_BYTES = 78;

/** For `copy … (account_id, import_no, id, occurred_at, amount_minor, line) from stdin (format binary)`. */
export function* encodeTuples(postings: readonly RowsToCopy[]): Generator<Buffer> {
  yield HEADER;
  const tuplesOfPiece = Math.floor(PIECE_BYTES / TUPLE_BYTES);
  let piece = Buffer.allocUnsafe(tuplesOfPiece * TUPLE_BYTES);
  let end = 0;
  for (const posting of postings) {
    const { rows } = posting;
    const tuple = makeTuple(posting);
    for (let from = 0; from < rows.length; from += ROW_BYTES) {
      moveBytes(tuple, 0, piece, end, TUPLE_BYTES);
      moveBytes(rows, from, piece, end + ID, 16);
      moveBytes(rows, from + 16, piece, end + OCCURRED_AT, 8);
      moveBytes(rows, from + 24, piece, end + AMOUNT, 8);
      moveBytes(rows, from + 32, piece, end + LINE, 8);
      end += TUPLE_BYTES;
      if (end === piece.length) {
        yield piece;
        // The connection may still hold the one before.
        piece = Buffer.allocUnsafe(piece.length);
        end = 0;
      }
    }
  }
  yield piece.subarray(0, end);
  yield TRAILER;
}

/** A tuple of this posting, without the columns of a row. */
function makeTuple({ accountId, importNo }: RowsToCopy): Buffer {
  const tuple = Buffer.alloc(TUPLE_BYTES);
  tuple.writeInt16BE(6, 0);
  tuple.writeInt32BE(8, ACCOUNT - 4);
  tuple.writeBigInt64BE(accountId, ACCOUNT);
  tuple.writeInt32BE(4, IMPORT - 4);
  tuple.writeInt32BE(importNo, IMPORT);
  tuple.writeInt32BE(16, ID - 4);
  for (const at of [OCCURRED_AT, AMOUNT, LINE]) tuple.writeInt32BE(8, at - 4);
  return tuple;
}

/** For so few bytes a loop takes a third of the time of Buffer.copy. */
export function moveBytes(source: Buffer, from: number, target: Buffer, to: number, bytes: number): void {
  for (let at = 0; at < bytes; at++) target[to + at] = source[from + at]!;
}
