import { CHUNK_BYTES_MAX } from '@passbook/contracts';
import { ROW_BYTES, writeTransactionRow, type AccountOpening, type TransactionRow } from '@passbook/ledger';
import type { ChunkPiece } from '../feed.js';
import { encodeChunkPayload, type ChunkAccount } from './chunk-payload.js';

/**
 * Accounts are spread over lanes by their hash, and a chunk holds rows of one lane: a chunk for each account would be a
 * hundred times as many messages. All rows of an account are in one lane, and so in one partition: two processors
 * never wait for each other's accounts. Twice as many as the partitions of the topic, for those are read by twos.
 */
const LANES = 24;

/** A little below the largest message: what follows a comma in JSON may be longer than it was measured. */
const PAYLOAD_BYTES_MAX = CHUNK_BYTES_MAX - 1024;

/** The first size of the store, in rows; it doubles when it is full, up to what a window needs. */
const FIRST_ROWS = 4096;

/**
 * The rows of a window, in blocks of bytes that are used again for each window: objects for each row would cost five
 * times the memory, all of it work for the garbage collector.
 */
export interface RowWindow {
  /** Begins a group: rows of one account and one holder. @returns its number in the window, from 0 */
  open(account: AccountOpening): number;
  add(group: number, row: TransactionRow): void;
  /** Makes room for a row in `bytes`, for those who write it themselves, and then `keep` it. @returns where it begins */
  place(): number;
  bytes(): Buffer;
  /** The row that was written is of this group. */
  keep(group: number): void;
  /** Ends the window: its chunks, lane by lane, in each the groups and their rows in the order in which they came. */
  drain(): Generator<ChunkPiece>;
  /** Ends the window without a chunk. */
  clear(): void;
}

export function makeRowWindow(): RowWindow {
  let rows: Buffer = Buffer.allocUnsafeSlow(FIRST_ROWS * ROW_BYTES);
  let groupOf = new Uint32Array(FIRST_ROWS);
  let count = 0;
  let groups: ChunkAccount[] = [];
  const place = (): number => {
    if (count === groupOf.length) {
      rows = Buffer.concat([rows], rows.length * 2);
      groupOf = enlarge(groupOf);
    }
    return count * ROW_BYTES;
  };
  const keep = (group: number): void => {
    groupOf[count] = group;
    count += 1;
  };
  const clear = (): void => {
    groups = [];
    count = 0;
  };
  return {
    open: (account) => groups.push({ ...account, rows: 0 }) - 1,
    place,
    bytes: () => rows,
    keep,
    add(group, row) {
      const at = place();
      writeTransactionRow(rows, at, row);
      keep(group);
    },
    *drain() {
      const rowsOf = countRows(groupOf.subarray(0, count), groups.length);
      for (const [group, account] of groups.entries()) account.rows = rowsOf[group]!;
      const lanes = listLanes(groups);
      const ordered = orderRows(rows, groupOf.subarray(0, count), rowsOf, lanes.flat());
      let from = 0;
      for (const [lane, members] of lanes.entries()) {
        for (const accounts of cutIntoChunks(members.map((group) => groups[group]!))) {
          const size = accounts.reduce((sum, account) => sum + account.rows, 0);
          const own = ordered.subarray(from * ROW_BYTES, (from + size) * ROW_BYTES);
          yield { key: String(lane), rows: size, payload: encodeChunkPayload(accounts, own) };
          from += size;
        }
      }
      clear();
    },
    clear,
  };
}

/** How many rows each group has: not counted while they come, for that would fetch another object for each row. */
function countRows(groupOf: Uint32Array, groups: number): Uint32Array {
  const rowsOf = new Uint32Array(groups);
  for (const group of groupOf) rowsOf[group]! += 1;
  return rowsOf;
}

/** The numbers of the groups of each lane. */
function listLanes(groups: readonly ChunkAccount[]): number[][] {
  const lanes = Array.from({ length: LANES }, (): number[] => []);
  for (const [group, { numberHash }] of groups.entries())
    lanes[parseInt(numberHash.slice(0, 8), 16) % LANES]!.push(group);
  return lanes;
}

/** The rows, group by group in this order, those of a group in the order in which they came: a counting sort. */
function orderRows(
  rows: Buffer,
  groupOf: Uint32Array,
  rowsOf: Uint32Array,
  order: readonly number[],
): Buffer {
  const nextOf = new Uint32Array(rowsOf.length);
  let start = 0;
  for (const group of order) {
    nextOf[group] = start;
    start += rowsOf[group]!;
  }
  const ordered = Buffer.allocUnsafeSlow(groupOf.length * ROW_BYTES);
  const source = wordsOf(rows);
  const target = wordsOf(ordered);
  for (let row = 0; row < groupOf.length; row++) {
    let to = nextOf[groupOf[row]!]!++ * ROW_WORDS;
    for (let from = row * ROW_WORDS; from < (row + 1) * ROW_WORDS; from++) target[to++] = source[from]!;
  }
  return ordered;
}

const ROW_WORDS = ROW_BYTES / 4;

function wordsOf(bytes: Buffer): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Accounts, each with the number of its rows, so many to a chunk as fit. One with more rows is in several. */
function* cutIntoChunks(groups: readonly ChunkAccount[]): Generator<ChunkAccount[]> {
  let accounts: ChunkAccount[] = [];
  let bytes = 0;
  for (const group of groups) {
    const nameBytes = Buffer.byteLength(JSON.stringify(group)) + 1;
    for (let left = group.rows; left > 0;) {
      const room = Math.floor((PAYLOAD_BYTES_MAX - bytes - nameBytes) / ROW_BYTES);
      if (room <= 0) {
        yield accounts;
        accounts = [];
        bytes = 0;
        continue;
      }
      const rows = Math.min(left, room);
      accounts.push({ ...group, rows });
      bytes += nameBytes + rows * ROW_BYTES;
      left -= rows;
    }
  }
  if (accounts.length > 0) yield accounts;
}

function enlarge(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
