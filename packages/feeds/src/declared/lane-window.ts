import { CHUNK_BYTES_MAX } from '@passbook/contracts';
import type { ChunkPiece } from '../feed.js';
import { sortByRank } from './key-rank.js';

/**
 * Rows are spread over lanes by the hash of their keys: rows of one key keep their order, and two processors never wait for
 * each other's keys. Twice as many as the partitions of the topic, for those are read by twos.
 */
const LANES = 24;

/** The first size of a lane's store; it doubles when it is full, up to what a window needs. */
const FIRST_BYTES = 16 * 1024;

/** The first number of rows of a lane whose ranks there is room for; it doubles as well. */
const FIRST_ROWS = 1024;

/** The rows of a window, lane by lane, in bytes that are used again for each window. */
export interface LaneWindow {
  /**
   * Adds a row: the first `end` bytes of `row`, at most `rowBytesMax`.
   * @param hash of its key @param rank of its key: see key-rank.ts
   */
  add(row: Buffer, end: number, hash: number, rank: number): void;
  readonly rowBytesMax: number;
  /** Ends the window: its chunks, lane by lane, the rows of each by their ranks; of one rank, in the order in which they came. */
  drain(): Generator<ChunkPiece>;
  /** Ends the window without a chunk. */
  clear(): void;
}

interface Lane {
  bytes: Buffer;
  end: number;
  /** Of each row. */
  ranks: Float64Array;
  /** Where each row ends. */
  ends: Uint32Array;
  rows: number;
  /** Where the present chunk begins. */
  from: number;
  /** Chunks that are full: the first row after each. */
  full: number[];
}

/** @param head what every chunk begins with */
export function makeLaneWindow(head: Buffer): LaneWindow {
  const rowBytesMax = CHUNK_BYTES_MAX - head.length;
  const lanes = Array.from({ length: LANES }, (): Lane => ({
    bytes: Buffer.allocUnsafeSlow(FIRST_BYTES),
    end: 0,
    ranks: new Float64Array(FIRST_ROWS),
    ends: new Uint32Array(FIRST_ROWS),
    rows: 0,
    from: 0,
    full: [],
  }));
  const clear = (): void => {
    for (const lane of lanes) {
      lane.end = lane.rows = lane.from = 0;
      lane.full = [];
    }
  };
  return {
    rowBytesMax,
    add(row, end, hash, rank) {
      const lane = lanes[hash % LANES]!;
      if (lane.end - lane.from + end > rowBytesMax) closeChunk(lane);
      makeRoom(lane, end);
      const { bytes } = lane;
      let to = lane.end;
      for (let at = 0; at < end; at++) bytes[to++] = row[at]!;
      lane.end = to;
      lane.ranks[lane.rows] = rank;
      lane.ends[lane.rows] = to;
      lane.rows += 1;
    },
    *drain() {
      for (const [number, lane] of lanes.entries()) {
        if (lane.end > lane.from) closeChunk(lane);
        let first = 0;
        for (const last of lane.full) {
          yield { key: String(number), rows: last - first, payload: writeChunk(lane, head, first, last) };
          first = last;
        }
      }
      clear();
    },
    clear,
  };
}

function makeRoom(lane: Lane, bytes: number): void {
  if (lane.end + bytes > lane.bytes.length)
    lane.bytes = Buffer.concat([lane.bytes], Math.max(lane.bytes.length * 2, lane.end + bytes));
  if (lane.rows < lane.ranks.length) return;
  const { ranks, ends } = lane;
  lane.ranks = new Float64Array(ranks.length * 2);
  lane.ranks.set(ranks);
  lane.ends = new Uint32Array(ends.length * 2);
  lane.ends.set(ends);
}

function closeChunk(lane: Lane): void {
  lane.full.push(lane.rows);
  lane.from = lane.end;
}

function writeChunk({ bytes, ranks, ends }: Lane, head: Buffer, first: number, last: number): Buffer {
  const startOf = (row: number): number => (row === 0 ? 0 : ends[row - 1]!);
  const chunk = Buffer.allocUnsafe(head.length + startOf(last) - startOf(first));
  let to = head.copy(chunk);
  for (const row of sortByRank(ranks.subarray(first, last))) {
    const end = ends[first + row]!;
    for (let at = startOf(first + row); at < end; at++) chunk[to++] = bytes[at]!;
  }
  return chunk;
}
