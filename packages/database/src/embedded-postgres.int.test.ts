import { existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { processStart } from './embedded-postgres-process.js';
import {
  makePostgresTrials,
  queryOnce,
  type PostgresTrial,
  type PostgresTrials,
} from './embedded-postgres-trial.js';

let trials: PostgresTrials;
let trial: PostgresTrial;
beforeAll(async () => (trials = await makePostgresTrials()));
afterAll(() => trials.remove());
beforeEach(async () => (trial = await trials.next()));
afterEach(() => trial.remove());

test('a new cluster is UTF8, C, scram, durable, in UTC and on 127.0.0.1 only, whatever the environment says', async () => {
  const environment = { LANG: 'C', LC_ALL: 'C', PGSSLMODE: 'require', PGPORT: '1', PGHOST: '10.0.0.1' };
  const more = { PGDATA: '/nowhere', PGOPTIONS: '-c work_mem=wrong', TZ: 'Asia/Tokyo', PGUSER: 'nobody' };
  const child = trial.run({ env: { ...environment, ...more }, settings: {} });
  const url = await child.url;
  const { rows } = await queryOnce(
    url,
    `select current_setting('server_encoding') encoding, datcollate, datctype, version() ~ ' 18\\.' as is_18,
       (select json_object_agg(name, setting) from pg_settings where name in ('listen_addresses',
        'unix_socket_directories', 'password_encryption', 'fsync', 'synchronous_commit', 'full_page_writes',
        'TimeZone', 'log_timezone', 'max_connections', 'data_checksums')) settings,
       (select json_agg(distinct auth_method) from pg_hba_file_rules) auth
     from pg_database where datname = current_database()`,
  );
  expect(rows).toEqual([
    {
      encoding: 'UTF8',
      datcollate: 'C',
      datctype: 'C',
      is_18: true,
      auth: ['scram-sha-256'],
      settings: {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        password_encryption: 'scram-sha-256',
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
        TimeZone: 'UTC',
        log_timezone: 'UTC',
        max_connections: '60',
        data_checksums: 'on',
      },
    },
  ]);
  await expect(queryOnce(url.replace('127.0.0.1', '127.0.0.2'))).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await expect(queryOnce(url.replace(/:[0-9a-f]+@/, ':wrong@'))).rejects.toMatchObject({ code: '28P01' });
  expect(statSync(join(trial.directory, 'postgres/password')).mode & 0o777).toBe(0o600);
  // A checkout that the server's user cannot read adds a copy of the binaries.
  const names = readdirSync(join(trial.directory, 'postgres')).filter(
    (name) => !name.startsWith('binaries-'),
  );
  expect(names.sort()).toEqual(['attached', 'data', 'lock', 'log', 'password']);
  await child.stop();
});

test('the first starts it, the others attach, Ctrl-C does not reach it, the last to leave stops it', async () => {
  trial.useMade();
  const first = trial.run();
  const url = await first.url;
  const second = trial.run();
  expect(await second.url).toBe(url);
  const pid = trial.postmasterPid()!;
  process.kill(-first.process.pid!, 'SIGINT');
  await first.stop();
  await queryOnce(url);
  await second.stop();
  expect([processStart(pid), trial.postmasterPid()]).toEqual([null, null]);
});

test('processes that start in an empty folder at the very same time share one server', async () => {
  const all = [trial.run(), trial.run(), trial.run()];
  const urls = await Promise.all(all.map((one) => one.url));
  expect(new Set(urls).size).toBe(1);
  expect(trial.readLog().match(/ready to accept connections/g)).toHaveLength(1);
  await Promise.all(all.map((one) => one.stop()));
  expect(trial.postmasterPid()).toBeNull();
});

/** The server goes on writing while its folder is deleted: what it has made meanwhile is deleted in the next turn. */
function deleteWhileInUse(folder: string): void {
  for (let turn = 1; existsSync(folder); turn++) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || turn > 100) throw err;
    }
  }
}

test('stop may be called twice, and ends the server also when someone has deleted the folder', async () => {
  trial.useMade();
  const postgres = await trial.start();
  const pid = trial.postmasterPid()!;
  deleteWhileInUse(trial.directory);
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
  expect([processStart(pid), existsSync(trial.directory)]).toEqual([null, false]);
});

test('the log does not grow for ever and shows no data', async () => {
  trial.useMade();
  truncateSync(join(trial.directory, 'postgres/log'), 11 * 1024 * 1024);
  const postgres = await trial.start();
  await expect(queryOnce(postgres.url, "select 'secret-4711'::integer")).rejects.toThrow('secret-4711');
  await queryOnce(postgres.url, 'create table one (id text primary key)');
  const twice = "insert into one values ('secret-4711'), ('secret-4711')";
  await expect(queryOnce(postgres.url, twice)).rejects.toMatchObject({ code: '23505' });
  await postgres.stop();
  expect(trial.readLog()).toContain('database system is shut down');
  expect(trial.readLog()).not.toContain('secret-4711');
  expect(trial.readLog().length).toBeLessThan(100_000);
});
