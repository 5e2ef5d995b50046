import { CHUNK_BYTES_MAX } from '@passbook/contracts';
import type { ChunkPiece } from '../feed.js';
import { sortByRank } from './key-rank.js';

/**
 * Rows are spread over lanes by the hash of their keys: rows of one key keep their order, and two processors never wait for
 * each other's keys. Twice as many as the partitions of the topic, for those are read by twos.
 */
const LANES = 24;

/**
 * Rows of a lane lie in blocks of this size, a longer one in a block of its own: a store that grew would be copied, and as much
 * again be left over.
 */
const BLOCK_BYTES = 64 * 1024;

/** The first number of rows that there is room for; it doubles when it is full, up to what a window needs. */
const FIRST_ROWS = 4096;

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

/** The rows of a lane that are one chunk; the last of a lane is still open. */
interface Chunk {
  first: number;
  rows: number;
  bytes: number;
}

interface Lane {
  chunks: Chunk[];
  /** Its newest row. */
  last: number;
  /** Its newest block, how much of it is filled, and the place where it begins. */
  block: Buffer;
  end: number;
  place: number;
}

/** What is known of each row, by its number in the window. */
interface Rows {
  ranks: Float64Array<ArrayBuffer>;
  /** Where it begins: the number of its block times `BLOCK_BYTES`, and what is before it there. It ends with its line end. */
  places: Uint32Array<ArrayBuffer>;
  /** The next one of its lane. */
  followers: Uint32Array<ArrayBuffer>;
}

const NONE = Buffer.alloc(0);

const LF = 10;

/** @param head what every chunk begins with */
export function makeLaneWindow(head: Buffer): LaneWindow {
  const rowBytesMax = CHUNK_BYTES_MAX - head.length;
  const blocks: Buffer[] = [];
  let blocksUsed = 0;
  let rows = makeRows(FIRST_ROWS);
  let count = 0;
  let lanes: Lane[];
  const clear = (): void => {
    lanes = Array.from({ length: LANES }, () => ({
      chunks: [],
      last: 0,
      block: NONE,
      end: BLOCK_BYTES,
      place: 0,
    }));
    blocksUsed = count = 0;
    // One that a long row had: others of its length would come on top, window after window.
    for (const [at, block] of blocks.entries()) if (block.length > BLOCK_BYTES) blocks[at] = NONE;
  };
  /** @param bytes that it must have room for */
  const nextBlock = (lane: Lane, bytes: number): void => {
    const at = blocksUsed++;
    const known = blocks[at];
    lane.block =
      known && known.length >= bytes ? known : Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, bytes));
    blocks[at] = lane.block;
    lane.end = 0;
    lane.place = at * BLOCK_BYTES;
  };
  const keep = (lane: Lane, bytes: number, rank: number): void => {
    if (count === rows.ranks.length) rows = enlarge(rows);
    const chunk = lane.chunks.at(-1);
    rows.ranks[count] = rank;
    rows.places[count] = lane.place + lane.end;
    if (chunk && chunk.bytes + bytes <= rowBytesMax) {
      rows.followers[lane.last] = count;
      chunk.rows += 1;
      chunk.bytes += bytes;
    } else {
      lane.chunks.push({ first: count, rows: 1, bytes });
    }
    lane.last = count;
    count += 1;
  };
  clear();
  return {
    rowBytesMax,
    add(row, end, hash, rank) {
      const lane = lanes[hash % LANES]!;
      if (lane.end + end > BLOCK_BYTES) nextBlock(lane, end);
      keep(lane, end, rank);
      const { block } = lane;
      let to = lane.end;
      for (let at = 0; at < end; at++) block[to++] = row[at]!;
      lane.end = to;
    },
    *drain() {
      for (const [number, { chunks }] of lanes.entries())
        for (const chunk of chunks)
          yield { key: String(number), rows: chunk.rows, payload: writeChunk(head, chunk, rows, blocks) };
      clear();
    },
    clear,
  };
}

function makeRows(size: number): Rows {
  return {
    ranks: new Float64Array(size),
    places: new Uint32Array(size),
    followers: new Uint32Array(size),
  };
}

function enlarge(rows: Rows): Rows {
  const larger = makeRows(rows.ranks.length * 2);
  larger.ranks.set(rows.ranks);
  larger.places.set(rows.places);
  larger.followers.set(rows.followers);
  return larger;
}

function writeChunk(head: Buffer, chunk: Chunk, rows: Rows, blocks: readonly Buffer[]): Buffer {
  const ranks = new Float64Array(chunk.rows);
  const places = new Uint32Array(chunk.rows);
  let row = chunk.first;
  for (let at = 0; at < chunk.rows; at++) {
    ranks[at] = rows.ranks[row]!;
    places[at] = rows.places[row]!;
    row = rows.followers[row]!;
  }
  const payload = Buffer.allocUnsafe(head.length + chunk.bytes);
  let to = head.copy(payload);
  for (const at of sortByRank(ranks)) {
    const place = places[at]!;
    const block = blocks[Math.floor(place / BLOCK_BYTES)]!;
    let from = place % BLOCK_BYTES;
    let byte: number;
    do {
      byte = block[from++]!;
      payload[to++] = byte;
    } while (byte !== LF && from < block.length);
  }
  return payload;
}
