import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { until } from '@passbook/testing';
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

test('a server whose users were all killed is adopted, and ends with the next user', async () => {
  trial.useMade();
  const killed = trial.run();
  const url = await killed.url;
  const pid = trial.postmasterPid()!;
  await killed.kill();
  await queryOnce(url);
  const next = await trial.start();
  expect([next.url, trial.postmasterPid()]).toEqual([url, pid]);
  await next.stop();
  expect(processStart(pid)).toBeNull();
});

test('a start that was killed while its server was starting leaves one to be adopted', async () => {
  trial.useMade();
  const killed = trial.run();
  const pid = await until('a server is launched', () => trial.postmasterPid());
  await killed.kill();
  const next = await trial.start();
  expect(trial.postmasterPid()).toBe(pid);
  await next.stop();
  expect(processStart(pid)).toBeNull();
});

test('a start that was killed while it made the cluster leaves nothing that disturbs the next', async () => {
  const killed = trial.run();
  const halfMade = (): string[] =>
    existsSync(join(trial.directory, 'postgres'))
      ? readdirSync(join(trial.directory, 'postgres')).filter((name) => name.startsWith('half-made-'))
      : [];
  await until('initdb is at work', () =>
    halfMade().some((name) => existsSync(join(trial.directory, 'postgres', name, 'data/global'))),
  );
  await killed.kill();
  const postgres = await trial.start();
  await queryOnce(postgres.url);
  await postgres.stop();
  const again = await trial.start();
  await again.stop();
  expect(halfMade()).toEqual([]);
});

test.each([
  ['a dead process', () => spawnSync('true').pid],
  ['a living process that is no Postgres', () => process.pid],
  ['nobody, for it is empty', () => null],
])('a postmaster.pid that names %s does not stand in the way', async (_, find) => {
  trial.useMade();
  layPidFile(find());
  const postgres = await trial.start();
  await queryOnce(postgres.url);
  await postgres.stop();
});

test('a postmaster.pid that names another Postgres does not stand in the way, and that one is left alone', async () => {
  const other = await trials.next();
  try {
    other.useMade();
    const otherPostgres = await other.start();
    trial.useMade();
    layPidFile(other.postmasterPid());
    const postgres = await trial.start();
    expect(postgres.url).not.toBe(otherPostgres.url);
    await postgres.stop();
    await queryOnce(otherPostgres.url);
    await otherPostgres.stop();
  } finally {
    await other.remove();
  }
});

test('a server that was killed comes back with its data, on its port', async () => {
  trial.useMade();
  const before = await trial.start();
  await queryOnce(before.url, 'create table kept (id integer); insert into kept values (7)');
  const pid = trial.postmasterPid()!;
  process.kill(pid, 'SIGKILL');
  await until('the server is dead', () => processStart(pid) === null);
  const after = await trial.start();
  expect(after.url).toBe(before.url);
  expect((await queryOnce(after.url, 'select id from kept')).rows).toEqual([{ id: 7 }]);
  await before.stop();
  await queryOnce(after.url);
  await after.stop();
  expect(trial.postmasterPid()).toBeNull();
});

test.each([
  ['of another version', 'PG_VERSION', '17\n', /made by Postgres 17, and this is Postgres 18/],
  ['of something else', 'thing', '', /not a data folder of Postgres/],
  ['without its password', '../password', null, /password of the database.*is gone/],
  ['with a broken configuration', 'postgresql.auto.conf', 'nonsense = 1\n', /did not start.*nonsense/],
])('a data folder %s is refused in one sentence', async (what, file, content, message) => {
  if (what !== 'of something else') trial.useMade();
  else mkdirSync(join(trial.directory, 'postgres/data'), { recursive: true });
  const path = join(trial.directory, 'postgres/data', file);
  if (content === null) rmSync(path);
  else writeFileSync(path, content);
  await expect(trial.start()).rejects.toMatchObject({ name: 'EmbeddedPostgresError' });
  await expect(trial.start()).rejects.toThrow(message);
  expect(readdirSync(join(trial.directory, 'postgres/attached'))).toEqual([]);
});

/** With a port that root finds free but Postgres, which is not root, cannot have: it has to take another one. */
function layPidFile(pid: number | null): void {
  const text = pid === null ? '' : `${pid}\n${trial.directory}/postgres/data\n1700000000\n1\n\n127.0.0.1\n`;
  writeFileSync(join(trial.directory, 'postgres/data/postmaster.pid'), text);
}
