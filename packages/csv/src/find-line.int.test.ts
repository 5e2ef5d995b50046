import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findLine } from './find-line.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passbook-line-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['one line', 'abc'],
  ['every kind of line end', 'a\nb\r\n\r\rc\n\n\r\nd'],
  // A read of a stream has 64 KiB: the first ends between CR and LF.
  ['more than is read at once', `${'x'.repeat(65_535)}\r\n${'y\r\n'.repeat(50_000)}`],
])('of a file of %s it tells each line', async (_what, text) => {
  const path = join(folder, 'file');
  await writeFile(path, text);
  const packed = join(folder, 'packed');
  await writeFile(packed, gzipSync(text));
  const places =
    text.length < 100 ? [...text].map((_, at) => at) : [0, 65_535, 65_536, 65_537, text.length - 1];
  for (const at of places) {
    const before = text.slice(0, at);
    const lines = before.match(/\r\n|\n|\r/g)?.length ?? 0;
    expect([at, await findLine(path, at)]).toEqual([at, lines + 1]);
    expect([at, await findLine(packed, at, 'gzip')]).toEqual([at, lines + 1]);
  }
});
