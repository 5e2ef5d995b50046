import { createHash } from 'node:crypto';
import { link, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { hideDroppedFile } from './hide-dropped-file.js';

const sha256 = createHash('sha256').update('as imported').digest('hex');

let folder: { path: string; remove(): Promise<void> };
let dropped: string;
let hidden: string;
beforeEach(async () => {
  folder = await makeTestFolder();
  dropped = join(folder.path, 'a.csv');
  hidden = join(folder.path, '.passbook-7.dropped');
});
afterEach(() => folder.remove());

const hide = (): Promise<string> => hideDroppedFile(dropped, sha256, '7');

test('hides a dropped file that still has the bytes that were imported; done again, it takes no other file of that name', async () => {
  await writeFile(dropped, 'as imported');
  expect(await hide()).toBe('hidden');
  expect(await readdir(folder.path)).toEqual(['.passbook-7.dropped']);
  await writeFile(dropped, 'as imported');
  expect(await hide()).toBe('hidden');
  expect((await readdir(folder.path)).sort()).toEqual(['.passbook-7.dropped', 'a.csv']);
});

test('leaves a file alone that was changed meanwhile: it may be taken out by a drop of its own at this moment', async () => {
  await writeFile(dropped, 'as imported, and more');
  const inode = (await stat(dropped)).ino;
  expect(await hide()).toBe('left');
  expect((await stat(dropped)).ino).toBe(inode);
  expect(await readdir(folder.path)).toEqual(['a.csv']);
  expect(await readFile(dropped, 'utf8')).toBe('as imported, and more');
});

test('does not mind that somebody took the file away', async () => {
  expect(await hide()).toBe('gone');
});

test('goes on after a kill right after the rename, and leaves a new file of that name alone', async () => {
  await writeFile(hidden, 'as imported');
  await writeFile(dropped, 'a new file');
  expect(await hide()).toBe('hidden');
  expect((await readdir(folder.path)).sort()).toEqual(['.passbook-7.dropped', 'a.csv']);
  expect(await readFile(dropped, 'utf8')).toBe('a new file');
});

test('puts a changed file back beside a new one of that name', async () => {
  await writeFile(dropped, 'changed');
  await rename(dropped, hidden);
  await writeFile(dropped, 'a new file');
  expect(await hide()).toBe('put back');
  expect((await readdir(folder.path)).sort()).toEqual(['a-2.csv', 'a.csv']);
  expect(await readFile(join(folder.path, 'a-2.csv'), 'utf8')).toBe('changed');
});

test('puts a changed file back once, when it was killed while it did', async () => {
  await writeFile(hidden, 'changed');
  await link(hidden, dropped);
  expect(await hide()).toBe('put back');
  expect(await readdir(folder.path)).toEqual(['a.csv']);
});
