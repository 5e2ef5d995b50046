import { createHash } from 'node:crypto';
import { link, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { removeDroppedFile } from './remove-dropped-file.js';

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

const remove = (): Promise<string> => removeDroppedFile(dropped, sha256, '7');

test('deletes a dropped file that still has the bytes that were imported', async () => {
  await writeFile(dropped, 'as imported');
  expect(await remove()).toBe('removed');
  expect(await readdir(folder.path)).toEqual([]);
});

test('leaves a file alone that was changed meanwhile: it may be taken out by a drop of its own at this moment', async () => {
  await writeFile(dropped, 'as imported, and more');
  const inode = (await stat(dropped)).ino;
  expect(await remove()).toBe('left');
  expect((await stat(dropped)).ino).toBe(inode);
  expect(await readdir(folder.path)).toEqual(['a.csv']);
  expect(await readFile(dropped, 'utf8')).toBe('as imported, and more');
});

test('does not mind that somebody took the file away', async () => {
  expect(await remove()).toBe('gone');
});

test('goes on after a kill between the rename and the deletion, and leaves a new file of that name alone', async () => {
  await writeFile(hidden, 'as imported');
  await writeFile(dropped, 'a new file');
  expect(await remove()).toBe('removed');
  expect(await readdir(folder.path)).toEqual(['a.csv']);
  expect(await readFile(dropped, 'utf8')).toBe('a new file');
});

test('puts a changed file back beside a new one of that name', async () => {
  await writeFile(dropped, 'changed');
  await rename(dropped, hidden);
  await writeFile(dropped, 'a new file');
  expect(await remove()).toBe('put back');
  expect((await readdir(folder.path)).sort()).toEqual(['a-2.csv', 'a.csv']);
  expect(await readFile(join(folder.path, 'a-2.csv'), 'utf8')).toBe('changed');
});

test('puts a changed file back once, when it was killed while it did', async () => {
  await writeFile(hidden, 'changed');
  await link(hidden, dropped);
  expect(await remove()).toBe('put back');
  expect(await readdir(folder.path)).toEqual(['a.csv']);
});
