import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { holdToInstallation } from './installation.js';
import { migrate, type Migration } from './migrate.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await makeTestDatabase();
  await database.query('drop table migrations, migrations_lock');
});
afterEach(() => database.drop());

const first: Migration = { name: '0001-first', sql: 'create table first (id integer)' };
const second: Migration = { name: '0002-second', sql: 'create table second (id integer)' };

test('any number of processes may bring the schema up to date at once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrate(database, [second, first])));
  const { rows } = await database.query('select name from migrations order by id');
  expect(rows).toEqual([{ name: first.name }, { name: second.name }]);
});

test('a process that was killed in the middle keeps nobody out', async () => {
  await migrate(database, [first]);
  await database.query('update migrations_lock set is_locked = 1');
  await migrate(database, [first, second]);
  expect((await database.query('select from second')).rowCount).toBe(0);
});

test('a step that fails leaves nothing of itself', async () => {
  const broken: Migration = {
    name: '0002-broken',
    sql: 'create table half (id integer); select no_such_column;',
  };
  await expect(migrate(database, [first, broken])).rejects.toThrow('no_such_column');
  await expect(database.query('select from half')).rejects.toMatchObject({ code: '42P01' });
  await migrate(database, [first, second]);
});

test('what all data depends on cannot be changed later', async () => {
  await holdToInstallation(database, 'TIME_ZONE', 'UTC');
  await holdToInstallation(database, 'TIME_ZONE', 'UTC');
  await expect(holdToInstallation(database, 'TIME_ZONE', 'Europe/Berlin')).rejects.toThrow(
    /TIME_ZONE is not the one.*UTC; now it is Europe\/Berlin/,
  );
});
