import { RefusedDataError } from '@passbook/database';
import type { ArrivedChunk } from '../feed.js';

/** The rows of a chunk, and the columns that they have. */
export interface ChunkRows {
  columns: string[];
  /** As row-text.ts says. */
  rows: Buffer;
}

/** @throws RefusedDataError when the chunk does not hold what its header says, or columns that the feed has not */
export function readChunkRows({ payload, rows }: ArrivedChunk, known: readonly string[]): ChunkRows {
  const end = payload.indexOf(LF);
  const columns = parseColumns(payload.toString('utf8', 0, Math.max(end, 0)));
  const unknown = columns.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RefusedDataError(
      `The chunk has the columns ${unknown.join(', ')}, which its feed has not here: this process was started with an older definition.`,
    );
  const body = payload.subarray(end + 1);
  const count = countLines(body);
  if (count !== rows)
    throw new RefusedDataError(`The chunk holds ${count} rows where its header announces ${rows}.`);
  return { columns, rows: body };
}

const LF = 10;

function parseColumns(line: string): string[] {
  try {
    const given: unknown = JSON.parse(line);
    if (Array.isArray(given) && given.every((name) => typeof name === 'string')) return given;
  } catch {
    // Said below.
  }
  throw new RefusedDataError('The chunk does not begin with the names of its columns.');
}

/** A line end inside of a cell is escaped. */
function countLines(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(LF); at !== -1; at = body.indexOf(LF, at + 1)) count += 1;
  return count;
}

/** What is handed to the connection at once. */
const PIECE_BYTES = 64 * 1024;

/** The rows with the number of their import before each. */
export function* prefixRows(importNo: number, rows: Buffer): Generator<Buffer> {
  const prefix = Buffer.from(`${importNo}\t`);
  let piece = Buffer.allocUnsafe(PIECE_BYTES);
  let end = 0;
  for (let from = 0; from < rows.length;) {
    const to = rows.indexOf(LF, from) + 1 || rows.length;
    const bytes = prefix.length + to - from;
    if (end + bytes > piece.length) {
      yield piece.subarray(0, end);
      // The connection may still hold the one before.
      piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, bytes));
      end = 0;
    }
    for (let at = 0; at < prefix.length; at++) piece[end++] = prefix[at]!;
    for (let at = from; at < to; at++) piece[end++] = rows[at]!;
    from = to;
  }
  if (end > 0) yield piece.subarray(0, end);
}
