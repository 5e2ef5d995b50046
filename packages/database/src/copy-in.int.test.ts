import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { copyIn } from './copy-in.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

test('a COPY that Postgres refuses fails with its error, and the connection is of use afterwards', async () => {
  await expect(
    database.withTransaction((trx) => copyIn(trx, 'copy accounts (id) from stdin', ['no number\n'])),
  ).rejects.toMatchObject({ code: '22P02' });
  expect((await database.query('select 1')).rowCount).toBe(1);
});

test('a COPY of more than fits a buffer keeps its order and counts its rows', async () => {
  const rows = 200_000;
  const pieces = function* (): Generator<string> {
    for (let no = 0; no < rows; no++) yield `${no}\t${'x'.repeat(50)}\n`;
  };
  await database.withTransaction(async (trx) => {
    await trx.query('create temporary table many (no integer, content text) on commit drop');
    expect(await copyIn(trx, 'copy many from stdin', pieces())).toBe(rows);
  });
});

test('a COPY whose rows cannot be made fails with that reason, and the transaction is rolled back', async () => {
  const rows = function* (): Generator<string> {
    yield '1\tx\n';
    throw new Error('No more rows.');
  };
  const copying = database.withTransaction((trx) =>
    copyIn(trx, 'copy accounts (id, currency) from stdin', rows()),
  );
  await expect(copying).rejects.toThrow('No more rows.');
  expect((await database.query('select 1')).rowCount).toBe(1);
});
