import { ROW_BYTES } from './transaction-row.js';

/*
 * Rows as tuples of Postgres' COPY BINARY: each column has its length before it. A tuple is the account and the import,
 * then the row's own columns; of those that are staged also the month, and whether the row contradicts what is known.
 */

export interface RowsToCopy {
  importNo: number;
  accountId: bigint;
  /** As transaction-row.ts says. */
  rows: Buffer;
  contradicts: boolean;
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
const MONTH = 82;
const CONTRADICTS = 90;
const STAGED_TUPLE_BYTES = 91;

/** For `copy transactions (account_id, import_no, id, occurred_at, amount_minor, line) from stdin (format binary)`. */
export function encodeTuples(postings: readonly RowsToCopy[]): Generator<Buffer> {
  return encode(postings, TUPLE_BYTES);
}

/** The same columns, and `month integer, contradicts boolean`. */
export function encodeStagedTuples(postings: readonly RowsToCopy[]): Generator<Buffer> {
  return encode(postings, STAGED_TUPLE_BYTES);
}

function* encode(postings: readonly RowsToCopy[], tupleBytes: number): Generator<Buffer> {
  yield HEADER;
  const tuplesOfPiece = Math.floor(PIECE_BYTES / tupleBytes);
  let piece = Buffer.allocUnsafe(tuplesOfPiece * tupleBytes);
  let end = 0;
  for (const posting of postings) {
    const { rows } = posting;
    const tuple = makeTuple(posting, tupleBytes);
    for (let from = 0; from < rows.length; from += ROW_BYTES) {
      move(tuple, 0, piece, end, tupleBytes);
      move(rows, from, piece, end + ID, 16);
      move(rows, from + 16, piece, end + OCCURRED_AT, 8);
      move(rows, from + 24, piece, end + AMOUNT, 8);
      move(rows, from + 32, piece, end + LINE, 8);
      if (tupleBytes === STAGED_TUPLE_BYTES) move(rows, from + 40, piece, end + MONTH, 4);
      end += tupleBytes;
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
function makeTuple({ accountId, importNo, contradicts }: RowsToCopy, bytes: number): Buffer {
  const tuple = Buffer.alloc(bytes);
  const isStaged = bytes === STAGED_TUPLE_BYTES;
  tuple.writeInt16BE(isStaged ? 8 : 6, 0);
  tuple.writeInt32BE(8, ACCOUNT - 4);
  tuple.writeBigInt64BE(accountId, ACCOUNT);
  tuple.writeInt32BE(4, IMPORT - 4);
  tuple.writeInt32BE(importNo, IMPORT);
  tuple.writeInt32BE(16, ID - 4);
  for (const at of [OCCURRED_AT, AMOUNT, LINE]) tuple.writeInt32BE(8, at - 4);
  if (isStaged) {
    tuple.writeInt32BE(4, MONTH - 4);
    tuple.writeInt32BE(1, CONTRADICTS - 4);
    tuple[CONTRADICTS] = contradicts ? 1 : 0;
  }
  return tuple;
}

/** For so few bytes a loop takes a third of the time of Buffer.copy. */
function move(source: Buffer, from: number, target: Buffer, to: number, bytes: number): void {
  for (let at = 0; at < bytes; at++) target[to + at] = source[from + at]!;
}
