import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeFeeds } from '@passbook/feeds';
import {
  beginImport,
  makeTestDatabase,
  transactionRow,
  transactionsFile,
  type TestDatabase,
} from '@passbook/testing';
import { finishDrop, readDrop, recordDrop, replaceCopy, type Drop } from './drop.js';
import { takeLease } from './lease.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

const [feed] = makeFeeds({ accountNumberKey: 'a key of these tests' });

async function dropFile(): Promise<Drop> {
  const { one } = await beginImport(database, feed!, transactionsFile([transactionRow()]));
  const file = { importNo: one.no, path: '/imports/a.csv', stays: false, copyName: 'first', refusal: null };
  return (await database.withTransaction((trx) => recordDrop(trx, file))).drop;
}

test('a drop that is open takes another copy, and is told so', async () => {
  const { no } = await dropFile();
  expect(await replaceCopy(database, no, 'second')).toBe(true);
  expect((await readDrop(database, no)).copyName).toBe('second');
});

test('a drop that another chunker has done takes no copy: nobody would ever delete it', async () => {
  const { no, importNo } = await dropFile();
  await finishDrop(database, no, (await takeLease(database, importNo))!);
  expect(await replaceCopy(database, no, 'second')).toBe(false);
  expect((await readDrop(database, no)).copyName).toBe('first');
});
