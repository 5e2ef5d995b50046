import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { removeUnfinishedFiles, streamReportFile, writeReportFile } from './write-report-file.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeEach(async () => {
  folder = await makeTestFolder();
});
afterEach(() => folder.remove());

// eslint-disable-next-line @typescript-eslint/require-await -- what it gives is in memory
async function* cut(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 50_000) yield text.slice(at, at + 50_000);
}

const ways = [
  { way: 'at once', write: writeReportFile },
  { way: 'streamed', write: (path: string, text: string) => streamReportFile(path, cut(text)) },
];

describe.each(ways)('a report that is written $way', ({ write }) => {
  test.each([0, 1, 1_000, 131_073, 1_000_000])(
    'has its text of %d letters, and nothing beside it',
    async (length) => {
      const text = '•'.repeat(length);
      await write(join(folder.path, 'one'), text);
      expect((await readFile(join(folder.path, 'one'), 'utf8')) === text).toBe(true);
      expect(await readdir(folder.path)).toEqual(['one']);
    },
  );

  test('replaces what an earlier try wrote, and does not change it under those who read it', async () => {
    const path = join(folder.path, 'one');
    await write(path, 'old'.repeat(100_000));
    const reader = await open(path);
    try {
      await write(path, 'new');
      expect((await reader.readFile('utf8')) === 'old'.repeat(100_000)).toBe(true);
    } finally {
      await reader.close();
    }
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  test('leaves nothing when it cannot have its name, and names the file', async () => {
    // Something else has the name, and is no file.
    const path = join(folder.path, 'one');
    await mkdir(path);
    await expect(write(path, 'x')).rejects.toMatchObject({ code: 'EISDIR', dest: path });
    expect(await readdir(folder.path)).toEqual(['one']);
  });
});

test('what the pieces of a report fail with is told, and leaves nothing', async () => {
  async function* fail(): AsyncGenerator<string> {
    yield* cut('x'.repeat(100_000));
    throw new Error('no more');
  }
  await expect(streamReportFile(join(folder.path, 'one'), fail())).rejects.toThrow('no more');
  expect(await readdir(folder.path)).toEqual([]);
});

test('a report that another reporter has ended and tidied up after meanwhile is there', async () => {
  const path = join(folder.path, 'one');
  async function* overtaken(): AsyncGenerator<string> {
    yield 'first half, ';
    await writeFile(path, 'of the other');
    await removeUnfinishedFiles(folder.path);
    yield 'second half';
  }
  await streamReportFile(path, overtaken());
  expect(await readFile(path, 'utf8')).toBe('of the other');
});

test('what a killed reporter left is removed, and nothing else', async () => {
  const names = [`.${randomUUID()}.tmp`, '.hidden', 'account-1.html'];
  for (const name of names) await writeFile(join(folder.path, name), 'x');
  await removeUnfinishedFiles(folder.path);
  expect((await readdir(folder.path)).sort()).toEqual(names.slice(1));
});
