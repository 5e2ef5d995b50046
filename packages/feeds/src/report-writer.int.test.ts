import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { withReportWriter } from './report-writer.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeEach(async () => {
  folder = await makeTestFolder();
});
afterEach(() => folder.remove());

/** Short and long, around the length that is lent, of characters that are one to four bytes long. */
const texts = ['', 'x', '•', '\u{1f600}'].flatMap((letter) =>
  [1, 1_000, 43_690, 43_691, 131_072, 131_073].map((length) => letter.repeat(length)),
);

test('all files have their text when it is done, long and short ones, in whichever order they come', async () => {
  const all = [...texts, ...texts.toReversed()];
  await withReportWriter(async (write) => {
    for (const [at, text] of all.entries()) await write(join(folder.path, `${at}`), text);
  });
  const read = await Promise.all(all.map((_, at) => readFile(join(folder.path, `${at}`), 'utf8')));
  expect(read.every((text, at) => text === all[at])).toBe(true);
  expect(await readdir(folder.path)).toHaveLength(all.length);
});

test('a file replaces what an earlier try wrote, and is whole at any time', async () => {
  const path = join(folder.path, 'one');
  const old = 'old'.repeat(100_000);
  await withReportWriter((write) => write(path, old));
  const seen = new Set<string>();
  let isWriting = true;
  const looking = (async () => {
    while (isWriting) seen.add(await readFile(path, 'utf8'));
  })();
  await withReportWriter((write) => write(path, 'new'.repeat(100_000)));
  isWriting = false;
  await looking;
  seen.add(await readFile(path, 'utf8'));
  seen.delete(old);
  expect([...seen]).toEqual(['new'.repeat(100_000)]);
});

test.each([1, 5, 40])(
  'a file of %d that cannot be written is told, when no other is being written any more, and leaves nothing',
  async (files) => {
    // Something else has the name, and is no file.
    await mkdir(join(folder.path, '0'));
    const failed = withReportWriter(async (write) => {
      for (let at = 0; at < files; at++) await write(join(folder.path, `${at}`), 'x'.repeat(50_000));
    });
    await expect(failed).rejects.toMatchObject({ code: 'EISDIR' });
    const left = await readdir(folder.path);
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const lengths = await Promise.all(
      left
        .filter((name) => name !== '0')
        .map(async (name) => (await readFile(join(folder.path, name))).length),
    );
    expect(lengths.every((length) => length === 50_000)).toBe(true);
  },
);

test('what the work fails with is told, when no file is being written any more', async () => {
  const failed = withReportWriter(async (write) => {
    await write(join(folder.path, 'begun'), 'x'.repeat(1_000_000));
    throw new Error('no more');
  });
  await expect(failed).rejects.toThrow('no more');
  expect(await readdir(folder.path)).toEqual(['begun']);
});
