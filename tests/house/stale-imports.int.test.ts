import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeFeeds } from '@passbook/feeds';
import { listStaleImports, takeLease } from '@passbook/imports';
import {
  beginImport,
  makeTestDatabase,
  newAccountNumber,
  transactionRow,
  transactionsFile,
  type BegunImport,
  type TestDatabase,
} from '@passbook/testing';

const feed = makeFeeds({ accountNumberKey: 'a key that only these tests have' })[0]!;
let database: TestDatabase;
let begun: BegunImport;
beforeAll(async () => {
  database = await makeTestDatabase();
  const id = '11111111-1111-4111-8111-111111111111';
  const row = transactionRow({
    account: newAccountNumber(),
    id,
    amount: '1.00',
    time: '2021-01-31 10:00:00',
  });
  begun = await beginImport(database, feed, transactionsFile([row]));
});
afterAll(() => database.drop());

const waitsFor = async (): Promise<string | undefined> => (await listStaleImports(database))[0]?.reason;
const change = (columns: string): Promise<unknown> =>
  database.query(`update imports set ${columns} where no = ${begun.one.no}`);

test('an import that has not come further for a minute says what it waits for', async () => {
  expect(await waitsFor()).toBeUndefined();
  await change(`grown_at = now() - interval '61 seconds'`);
  expect(await waitsFor()).toMatch(/No chunker attends to it/);

  await takeLease(database, begun.one.no);
  expect(await waitsFor()).toMatch(/being read, or waits for its turn.*processor/);
  await change(`state = 'chunked', chunks_sent = 7, chunks_loaded = 3`);
  expect(await waitsFor()).toMatch(/Of 7 chunks 3 are loaded/);
  await change(`grown_at = now()`);
  expect(await waitsFor()).toBeUndefined();

  await change(`state = 'loaded', chunks_loaded = 7, grown_at = now() - interval '2 minutes'`);
  expect(await waitsFor()).toBeUndefined();
  await database.query(
    `insert into reports (import_no, account_id, snapshot, template_version) values ($1, 1, '{}', 1)`,
    [begun.one.no],
  );
  expect(await waitsFor()).toMatch(/1 of its reports are not written.*reporter/);
  await database.query(
    `update reports set lease_token = gen_random_uuid(), lease_until = now() + interval '5 s'`,
  );
  expect(await waitsFor()).toBeUndefined();
  await database.query(`insert into drops (import_no, path, stays, copy_name, dropped_at)
    values (${begun.one.no}, '/imports/a.csv', false, 'a', now() - interval '2 minutes')`);
  expect(await waitsFor()).toMatch(/could not be moved/);
  await change(`lease_until = now()`);
  expect(await waitsFor()).toMatch(/No chunker attends to it/);

  await change(`state = 'stopped', stopped_reason = 'A chunk is bad.', grown_at = now()`);
  expect(await waitsFor()).toMatch(/stopped. A chunk is bad. Its file stays/);
});
