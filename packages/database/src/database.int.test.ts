import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestDatabase, until, type TestDatabase } from '@passbook/testing';
import { isWeather } from './sqlstate.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase({ isEmpty: true });
});
afterAll(() => database.drop());

test('a connection that is cut between two statements of a transaction is bad weather, and the next one works', async () => {
  const failed = database.withTransaction(async (trx) => {
    const { rows } = await trx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await until('the server has ended it', async () => {
      const left = await database.query('select 1 from pg_stat_activity where pid = $1', [rows[0]!.pid]);
      return left.rowCount === 0;
    });
    // Time for the news to arrive while no statement runs.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await trx.query('select 1');
  });
  const err = await failed.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect([err !== null, isWeather(err)]).toEqual([true, true]);
  expect((await database.withTransaction((trx) => trx.query('select 1'))).rowCount).toBe(1);
});

test('no statement is compiled before it runs', async () => {
  expect((await database.query('show jit')).rows).toEqual([{ jit: 'off' }]);
});

test('a session that is frozen inside a transaction holds its locks for half a minute, not for ever', async () => {
  const { rows } = await database.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('idle_in_transaction_session_timeout', 'tcp_keepalives_idle') order by name`,
  );
  expect(rows).toEqual([
    { name: 'idle_in_transaction_session_timeout', setting: '30000' },
    { name: 'tcp_keepalives_idle', setting: '10' },
  ]);
  const failed = database.withTransaction(async (trx) => {
    // As if half a minute had passed.
    await trx.query("set local idle_in_transaction_session_timeout = '50ms'");
    const { rows: own } = await trx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await until('Postgres has ended the session', async () => {
      const left = await database.query('select 1 from pg_stat_activity where pid = $1', [own[0]!.pid]);
      return left.rowCount === 0;
    });
    await trx.query('select 1');
  });
  const err = await failed.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect([err !== null, isWeather(err)]).toEqual([true, true]);
});
