import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { copyFile, FileChangedError } from './copy-file.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeEach(async () => {
  folder = await makeTestFolder();
});
afterEach(() => folder.remove());

test('a file that is gone when it is to be copied was taken away, as one that goes while it is read, and leaves no copy', async () => {
  const copying = copyFile(join(folder.path, 'gone.csv'), join(folder.path, 'copy'));
  await expect(copying).rejects.toBeInstanceOf(FileChangedError);
  expect(await readdir(folder.path)).toEqual([]);
});
