import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countLockWaits, makeTestDatabase, until, type TestDatabase } from '@passbook/testing';
import { makeFeedVersions } from './feed-versions.js';
import { prepareDeclaredTables } from './prepare-tables.js';
import { readDefinitions } from './read-definitions.js';

/** More than are deleted at a time. */
const ROWS = 20_001;

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

test('of two that delete the rows of a version at once neither takes it for done while rows are left', async () => {
  const definitions = await readDefinitions('feed-definitions');
  await database.withConnection((connection) => prepareDeclaredTables(connection, definitions));
  const versions = makeFeedVersions(definitions.find(({ name }) => name === 'ratings')!);
  const remove = (): Promise<number> => versions.removeOld(database);
  await database.query(
    `insert into feed_loads (import_no, feed, scope, rows_read, rows_posted, figures)
     values (-1, 'ratings', 'A', ${ROWS}, ${ROWS}, '{}')`,
  );
  await database.query(
    `insert into feed_ratings (import_no, line, customer_number, customer_rating, customer_rating_limit, customer_status)
     select -1, no, no, 1, 1, 'normal' from generate_series(1, ${ROWS}) no`,
  );
  // The first has deleted as many as it does at a time, and is killed before it goes on.
  const second = await database.withTransaction(async (trx) => {
    await trx.query(`delete from feed_ratings where line < ${ROWS}`);
    const removal = remove();
    await until('the second waits for the first', async () => (await countLockWaits(database)) === 1);
    return { removal };
  });
  expect([await second.removal, await remove(), await remove()]).toEqual([0, 1, 0]);
});
