import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { makeRandom, until } from '@passbook/testing';
import { makeLaneWindow } from './lane-window.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const HEAD = Buffer.from('["n"]\n');
const LANES = 24;

interface Row {
  text: string;
  hash: number;
  rank: number;
}

const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The chunks of a window as they should be: each as its lane and the hash of its rows, which are too long to be shown. */
function cut(rows: readonly Row[], rowBytesMax: number): [string, string][] {
  return Array.from({ length: LANES }, (_, lane) => {
    const chunks: Row[][] = [];
    let bytes = Infinity;
    for (const row of rows.filter(({ hash }) => hash % LANES === lane)) {
      if (bytes + row.text.length > rowBytesMax) {
        chunks.push([]);
        bytes = 0;
      }
      chunks.at(-1)!.push(row);
      bytes += row.text.length;
    }
    return chunks.map((chunk): [string, string] => {
      const ordered = chunk.toSorted((a, b) => a.rank - b.rank);
      return [String(lane), hashOf(ordered.map(({ text }) => text).join(''))];
    });
  }).flat();
}

test('more rows than there was room for at first keep their places', () => {
  const random = makeRandom(1);
  const window = makeLaneWindow(HEAD);
  const rows = Array.from({ length: 10_000 }, (_, at): Row => ({
    text: `${at}\n`,
    hash: random.between(0, 2 ** 32 - 1),
    rank: random.between(-9, 9),
  }));
  for (const { text, hash, rank } of rows) window.add(Buffer.from(text), text.length, hash, rank);
  const chunks = [...window.drain()].map(({ key, payload }) => [key, hashOf(payload.subarray(HEAD.length))]);
  expect(chunks).toEqual(cut(rows, window.rowBytesMax));
});

test('what long rows needed is given back with their window', async () => {
  const window = makeLaneWindow(HEAD);
  const long = Buffer.alloc(window.rowBytesMax, 'x');
  long[long.length - 1] = 10;
  const rows = 40;
  const blocks = watchBlocks(() => {
    for (let at = 0; at < rows; at++) window.add(long, long.length, at, 0);
  });
  const held = (): number => {
    collectGarbage();
    return blocks.filter((block) => block.deref() !== undefined).length;
  };
  // What a WeakRef was made for is held until the end of its turn in any case.
  await setImmediate();
  expect([blocks.length, held()]).toEqual([rows, rows]);
  window.clear();
  await until('they are given back', () => held() === 0);
  // The window is still in use: it could hold them.
  window.add(long, long.length, 0, 0);
});

/** The blocks that are made meanwhile. What the process holds in all is no measure: other tests leave theirs to be freed at any time. */
function watchBlocks(work: () => void): WeakRef<Buffer>[] {
  const blocks: WeakRef<Buffer>[] = [];
  const allocate = Buffer.allocUnsafeSlow.bind(Buffer);
  Buffer.allocUnsafeSlow = (size) => {
    const block = allocate(size);
    blocks.push(new WeakRef(block));
    return block;
  };
  try {
    work();
  } finally {
    Buffer.allocUnsafeSlow = allocate;
  }
  return blocks;
}

test.each([1, 2, 3, 4, 5, 6])(
  'rows of any length come out lane by lane, window after window (seed %d)',
  (seed) => {
    const random = makeRandom(seed);
    const window = makeLaneWindow(HEAD);
    // Of one lane or of all, short ones or as long as may be: what one window leaves is used by the next.
    for (const longest of [1_000, window.rowBytesMax, 200, window.rowBytesMax, 90_000]) {
      const spread = random.choose([1, LANES, 2 ** 32 - 1]);
      const rows = Array.from({ length: random.between(0, 300) }, (_, at): Row => {
        const length = random.between(0, 15) === 0 ? longest : random.between(10, 200);
        const text = `${String(at).padEnd(length - 1, String.fromCharCode(97 + (at % 26)))}\n`;
        return { text, hash: random.between(0, spread), rank: random.between(-9, 9) };
      });
      for (const { text, hash, rank } of rows) window.add(Buffer.from(`${text}!`), text.length, hash, rank);
      const chunks = [...window.drain()];
      expect(chunks.map(({ key, payload }) => [key, hashOf(payload.subarray(HEAD.length))])).toEqual(
        cut(rows, window.rowBytesMax),
      );
      expect(chunks.every(({ payload }) => payload.subarray(0, HEAD.length).equals(HEAD))).toBe(true);
      expect(chunks.reduce((sum, chunk) => sum + chunk.rows, 0)).toBe(rows.length);
    }
  },
);
