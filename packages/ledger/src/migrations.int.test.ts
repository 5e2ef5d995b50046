import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { ledgerMigrations } from './migrations.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

test('the months that a ledger had as rows are there when it has years', async () => {
  const [first, years] = ledgerMigrations;
  expect(years!.name).toBe('0005-account-years');
  const months = `
    insert into account_months values
      (1, '2020-12-01', 1, 100, 0, 0), (1, '2021-01-01', 2, 200, 3, -300), (1, '2021-12-01', 0, 0, 1, -1),
      (2, '2021-02-01', 7, 9223372036854775807, 0, 0)`;
  const read = 'select * from account_months order by account_id, month';
  await database.withTransaction(async (trx) => {
    await trx.query('create schema before');
    await trx.query('set local search_path = before');
    await trx.query(first!.sql);
    await trx.query(months);
    const { rows: before } = await trx.query(read);
    expect(before).toHaveLength(4);
    await trx.query(years!.sql);
    expect((await trx.query(read)).rows).toEqual(before);
    expect((await trx.query('select year from account_years order by 1')).rows).toHaveLength(3);
  });
});
