import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { makeFeeds } from '../index.js';
import { readFormats } from './read-formats.js';
import { testFormat, updateExpected } from './test-format.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeEach(async () => {
  folder = await makeTestFolder();
  await cp('formats', folder.path, { recursive: true });
});
afterEach(() => folder.remove());

const [feed] = makeFeeds({ accountNumberKey: 'the key of samples' });

test('each format that ships gives the rows that it promises', async () => {
  const formats = await readFormats(folder.path);
  const names = ['capital_one', 'dkb', 'ing_nl', 'sparkasse', 'stori'];
  expect(formats.map(({ name }) => name)).toEqual(names);
  for (const format of formats) expect(await testFormat(folder.path, format, feed!)).toEqual([]);
});

test('a row that is not as expected is told, with both', async () => {
  const path = join(folder.path, 'stori.expected.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('60.50', '60.05'));
  const stori = (await readFormats(folder.path)).find(({ name }) => name === 'stori')!;
  const differences = await testFormat(folder.path, stori, feed!);
  expect(differences).toEqual([
    expect.stringMatching(/stori\.sample\.csv, line 2: .*60\.50.*expected.*60\.05/),
  ]);
  await updateExpected(folder.path, stori, feed!);
  expect(await testFormat(folder.path, stori, feed!)).toEqual([]);
});

test('a format without a sample is told, and so are the faults of all formats at once', async () => {
  const stori = await readFile(join(folder.path, 'stori.json'), 'utf8');
  await writeFile(join(folder.path, 'bare.json'), stori);
  const bare = (await readFormats(folder.path)).find(({ name }) => name === 'bare')!;
  expect(await testFormat(folder.path, bare, feed!)).toEqual(['There is no bare.sample.csv beside it.']);
  await writeFile(join(folder.path, 'bare.json'), '{');
  await writeFile(join(folder.path, 'dkb.json'), '{}');
  await expect(readFormats(folder.path)).rejects.toThrow(/bare\.json is no JSON[^]*dkb\.json has faults/);
  expect(await readFormats(join(folder.path, 'none'))).toEqual([]);
});
