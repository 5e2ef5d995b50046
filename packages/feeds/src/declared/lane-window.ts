import { CHUNK_BYTES_MAX } from '@passbook/contracts';
import type { ChunkPiece } from '../feed.js';

/**
 * Rows are spread over lanes by the hash of their keys: rows of one key keep their order, and two processors never wait for
 * each other's keys. Twice as many as the partitions of the topic, for those are read by twos.
 */
const LANES = 24;

/** The first size of a lane's store; it doubles when it is full, up to what a window needs. */
const FIRST_BYTES = 16 * 1024;

/** The rows of a window, lane by lane, in bytes that are used again for each window. */
export interface LaneWindow {
  /** Adds a row: the first `end` bytes of `row`, at most `rowBytesMax`. @param hash of its key */
  add(row: Buffer, end: number, hash: number): void;
  readonly rowBytesMax: number;
  /** Ends the window: its chunks, lane by lane, the rows of each in the order in which they came. */
  drain(): Generator<ChunkPiece>;
  /** Ends the window without a chunk. */
  clear(): void;
}

interface Lane {
  bytes: Buffer;
  end: number;
  /** Where the present chunk begins, and how many rows it has. */
  from: number;
  rows: number;
  /** Chunks that are full. */
  full: { end: number; rows: number }[];
}

/** @param head what every chunk begins with */
export function makeLaneWindow(head: Buffer): LaneWindow {
  const rowBytesMax = CHUNK_BYTES_MAX - head.length;
  const lanes = Array.from({ length: LANES }, (): Lane => ({
    bytes: Buffer.allocUnsafeSlow(FIRST_BYTES),
    end: 0,
    from: 0,
    rows: 0,
    full: [],
  }));
  const clear = (): void => {
    for (const lane of lanes) {
      lane.end = lane.from = lane.rows = 0;
      lane.full = [];
    }
  };
  return {
    rowBytesMax,
    add(row, end, hash) {
      const lane = lanes[hash % LANES]!;
      if (lane.end - lane.from + end > rowBytesMax) closeChunk(lane);
      if (lane.end + end > lane.bytes.length)
        lane.bytes = Buffer.concat([lane.bytes], Math.max(lane.bytes.length * 2, lane.end + end));
      const { bytes } = lane;
      let to = lane.end;
      for (let at = 0; at < end; at++) bytes[to++] = row[at]!;
      lane.end = to;
      lane.rows += 1;
    },
    *drain() {
      for (const [number, lane] of lanes.entries()) {
        if (lane.rows > 0) closeChunk(lane);
        let from = 0;
        for (const { end, rows } of lane.full) {
          yield { key: String(number), rows, payload: Buffer.concat([head, lane.bytes.subarray(from, end)]) };
          from = end;
        }
      }
      clear();
    },
    clear,
  };
}

function closeChunk(lane: Lane): void {
  lane.full.push({ end: lane.end, rows: lane.rows });
  lane.from = lane.end;
  lane.rows = 0;
}
