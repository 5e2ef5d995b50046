import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { recordDrop } from '@passbook/imports';
import { makeFeeds } from '@passbook/feeds';
import {
  beginImport,
  makeTestDatabase,
  makeTestFolder,
  transactionRow,
  transactionsFile,
  type TestDatabase,
} from '@passbook/testing';
import { makeCleaner } from './clean-claimed.js';
import { claimedFolder, prepareFolders, type Folders } from './folders.js';

const HALF_AN_HOUR_MS = 30 * 60 * 1000;

let database: TestDatabase;
let folder: { path: string; remove(): Promise<void> };
let folders: Folders;
/** Of a clock that only the test moves. */
let nowMs = 0;
let clean: () => Promise<void>;

beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await makeTestFolder();
  const at = (name: string): string => join(folder.path, name);
  folders = { imports: at('imports'), processed: at('processed'), quarantine: at('quarantine') };
  await prepareFolders(folders);
  clean = makeCleaner(database, folders, () => nowMs);
});
afterEach(() => folder.remove());

/** Looks at once, after half an hour, and after more than an hour. */
async function cleanForAnHour(between: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  await clean();
  nowMs += HALF_AN_HOUR_MS;
  await between();
  await clean();
  nowMs += HALF_AN_HOUR_MS + 1;
  await clean();
}

const claimed = (name: string): string => join(claimedFolder(folders), name);

test('deletes what a killed process left behind, an hour after it was first seen', async () => {
  await writeFile(claimed('left'), '');
  await writeFile(join(folders.processed, '.passbook-left.staged'), '');
  await writeFile(join(folders.quarantine, '.passbook-left.tmp'), '');
  await writeFile(join(folders.processed, 'of-others.tmp'), '');
  nowMs += 100 * HALF_AN_HOUR_MS;
  await clean();
  expect(await readdir(claimedFolder(folders))).toEqual(['left']);
  await cleanForAnHour();
  expect(await readdir(claimedFolder(folders))).toEqual([]);
  expect(await readdir(folders.processed)).toEqual(['of-others.tmp']);
  expect(await readdir(folders.quarantine)).toEqual([]);
});

test('leaves a copy alone that grows', async () => {
  await writeFile(claimed('grows'), '');
  await cleanForAnHour(() => appendFile(claimed('grows'), 'more'));
  expect(await readdir(claimedFolder(folders))).toEqual(['grows']);
});

test('leaves the copy of an open drop alone, and what is staged of it', async () => {
  const [feed] = makeFeeds({ accountNumberKey: 'a key that only this test has' });
  const { one } = await beginImport(database, feed!, transactionsFile([transactionRow()]));
  const path = join(folders.imports, 'open.csv');
  const drop = { importNo: one.no, path, stays: false, copyName: 'needed', refusal: null };
  await database.withTransaction((trx) => recordDrop(trx, drop));
  await writeFile(claimed('needed'), '');
  await writeFile(join(folders.processed, '.passbook-needed.staged'), '');
  await cleanForAnHour();
  expect(await readdir(claimedFolder(folders))).toEqual(['needed']);
  expect(await readdir(folders.processed)).toEqual(['.passbook-needed.staged']);
});
