import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { from } from 'pg-copy-streams';
import { makeTestDatabase, until, type TestDatabase } from '@passbook/testing';
import { endFrozenSessions } from './end-frozen-sessions.js';
import { isWeather } from './sqlstate.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase({ isEmpty: true });
  await database.query('create table held (no integer primary key)');
});
beforeEach(() => database.query('delete from held'));
afterAll(() => database.drop());

const waitsFor = (type: string): Promise<unknown> =>
  until(`a session waits: ${type}`, async () => {
    const { rowCount } = await database.query(
      `select from pg_stat_activity where datname = current_database() and state = 'active' and wait_event_type = $1`,
      [type],
    );
    return rowCount === 1;
  });

/** Begins a COPY, and sends nothing. */
function freezeInCopy(): Promise<unknown> {
  return database
    .withTransaction(async (trx) => {
      await trx.query('insert into held values (1)');
      const stream = trx.query(from('copy held from stdin'));
      await new Promise((resolve, reject) => stream.once('finish', resolve).once('error', reject));
    })
    .then(
      () => null,
      (err: unknown) => err,
    );
}

test('a session that froze in a COPY is ended when another waits for its locks: bad weather to the one, the way free for the other', async () => {
  const frozen = freezeInCopy();
  await waitsFor('Client');
  const held = database.query('insert into held values (1)');
  await waitsFor('Lock');
  expect(await endFrozenSessions(database, 60)).toBe(0);
  expect(await endFrozenSessions(database, 0)).toBe(1);
  expect((await held).rowCount).toBe(1);
  expect(isWeather(await frozen)).toBe(true);
});

test('a session that holds up nobody may take its time', async () => {
  const slow = freezeInCopy();
  await waitsFor('Client');
  expect(await endFrozenSessions(database, 0)).toBe(0);
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  expect(isWeather(await slow)).toBe(true);
});
