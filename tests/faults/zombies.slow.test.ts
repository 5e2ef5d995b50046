import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeKafka, startTcpProxy, type TcpProxy } from '@passbook/testing';
import type { Running } from '../run-passbook.js';
import { openScene, type Scene } from './fault-scene.js';

/*
 * A process that is frozen (SIGSTOP: its container paused, its machine asleep) for longer than its session on Kafka and
 * its leases last, while others take over; then it goes on where it was.
 */

const size = { accounts: 60, operations: 500, bad: 0.001, seed: 8 };

let scene: Scene;
const proxies: TcpProxy[] = [];
beforeEach(async () => {
  scene = await openScene();
});
afterEach(async () => {
  await scene.remove();
  for (const proxy of proxies.splice(0)) await proxy.stop();
});

const freeze = (one: Running): void => void one.process.kill('SIGSTOP');
const wake = (one: Running): void => void one.process.kill('SIGCONT');

/** Of the sessions of processors: how many are in this state. */
const countSessions = (where: string): Promise<number> =>
  scene.count(
    `select count(*) from pg_stat_activity where datname = current_database()
       and application_name = 'passbook-processor' and ${where}`,
  );

/** The first batch (of whichever processor) takes its time at this table: time to freeze in. */
async function slowFirstBatch(table: string): Promise<void> {
  await scene.database.query(`create sequence batches`);
  await scene.database.query(`create function slow_first() returns trigger language plpgsql as $$ begin
    if nextval('batches') = 1 then perform pg_sleep(2); end if; return null; end $$`);
  await scene.database.query(
    `create trigger slow_first before insert on ${table} for each statement execute function slow_first()`,
  );
}

/** It lives, and does what it is for: alone, it carries another import to its end. */
async function expectWorks(): Promise<void> {
  await scene.drop('next.csv', { accounts: 10, operations: 20, seed: 9 });
  await scene.untilEnded();
  await scene.expectAllOnce();
}

async function end(one: Running): Promise<void> {
  one.process.kill('SIGTERM');
  expect((await one.finished).code).toBe(0);
}

describeKafka('a frozen process', () => {
  /** Freezes a processor between two statements of a batch. @returns it, and the one that took over */
  async function freezeInBatch(): Promise<{ frozen: Running; next: Running }> {
    await slowFirstBatch('loaded_chunks');
    scene.start('chunker');
    scene.start('reporter');
    const frozen = scene.start('processor');
    await scene.drop('first.csv', size);
    await scene.until('a batch is in work', async () => (await countSessions(`wait_event = 'PgSleep'`)) > 0);
    freeze(frozen);
    await scene.until(
      'it is inside a transaction, between two statements',
      async () => (await countSessions(`state = 'idle in transaction'`)) > 0,
    );
    const next = scene.start('processor');
    await scene.until(
      'the next one waits for its locks',
      async () => (await countSessions(`wait_event_type = 'Lock'`)) > 0,
    );
    return { frozen, next };
  }

  test('a processor that wakes up while another waits for its locks: its late commit counts, the other passes over it', async () => {
    const { frozen, next } = await freezeInBatch();
    wake(frozen);
    await scene.untilEnded();
    await scene.expectAllOnce();
    await end(next);
    await expectWorks();
    await end(frozen);
    expect(frozen.output() + next.output()).not.toContain('idle-in-transaction');
  });

  test('a processor that does not wake up holds its locks for half a minute; when it does wake up, nothing is posted twice', async () => {
    const { frozen, next } = await freezeInBatch();
    await scene.untilEnded();
    await scene.expectAllOnce();
    wake(frozen);
    await scene.until('it says what it met', () => frozen.output().includes('The database is away or busy'));
    await end(next);
    await expectWorks();
    await end(frozen);
  });

  test('a processor in the middle of a COPY, where no timeout reaches it, is ended by those who wait for it', async () => {
    const url = new URL(scene.database.url);
    const proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
    proxies.push(proxy);
    url.port = String(proxy.port);
    scene.start('chunker');
    scene.start('reporter');
    const frozen = scene.start('processor', { DATABASE_URL: url.href });
    await scene.until('it is started', () => frozen.output().includes('"started"'));
    // A COPY takes several pieces: so slow, it can be met in between.
    proxy.delay(100);
    await scene.drop('first.csv', size);
    const inCopy = `query like 'copy transactions%' and wait_event = 'ClientRead' and state = 'active'`;
    await scene.until('it is in a COPY', async () => {
      if ((await countSessions(inCopy)) === 0) return false;
      // What its machine has not sent yet is frozen with it.
      proxy.stall();
      freeze(frozen);
      if ((await countSessions(inCopy)) > 0) return true;
      proxy.resume();
      wake(frozen);
      return false;
    });
    const next = scene.start('processor');
    await scene.untilEnded(150_000);
    await scene.expectAllOnce();
    expect(next.output()).toContain('sessions of a frozen process held up others and were ended');
    proxy.delay(0);
    proxy.resume();
    wake(frozen);
    await scene.until('it says what it met', () => frozen.output().includes('The database is away or busy'));
    await end(next);
    await expectWorks();
    await end(frozen);
  });

  test('a chunker that wakes up after its lease has ended writes no second manifest and moves no file', async () => {
    scene.start('processor');
    scene.start('reporter');
    const frozen = scene.start('chunker');
    await scene.drop('first.csv', { ...size, operations: 2000 });
    await scene.until('it reads', async () => {
      const reading = await scene.count(
        `select count(*) from imports where state = 'reading' and lease_token is not null`,
      );
      return reading > 0;
    });
    freeze(frozen);
    expect(await scene.count(`select count(*) from imports where chunks_sent is null`)).toBe(1);
    const next = scene.start('chunker');
    await scene.untilEnded();
    wake(frozen);
    await scene.until('it has noticed', () => frozen.output().includes('work on an import was broken off'));
    await end(next);
    await expectWorks();
    expect(await scene.place.list('processed')).toEqual(
      ['first.csv', 'next.csv'].flatMap((name) => [name, `${name}.receipt.json`]),
    );
    expect(await scene.count('select count(*) from drops')).toBe(2);
    await end(frozen);
  });

  test('a reporter that wakes up after its lease has ended writes the same bytes again', async () => {
    scene.start('processor');
    scene.start('chunker');
    const frozen = scene.start('reporter');
    await scene.drop('first.csv', { ...size, accounts: 400, operations: 100 });
    await scene.until(
      'it has reports in work',
      async () => (await scene.count('select count(*) from reports where lease_token is not null')) > 0,
    );
    freeze(frozen);
    expect(await scene.count(`select count(*) from reports where state = 'due'`)).toBeGreaterThan(0);
    const next = scene.start('reporter');
    await scene.untilEnded();
    const [folder] = await scene.place.list('reports');
    const readAll = async (): Promise<[string, string][]> =>
      Promise.all(
        (await scene.place.list(`reports/${folder}`)).map(async (name): Promise<[string, string]> => [
          name,
          await scene.place.read(`reports/${folder}/${name}`),
        ]),
      );
    const before = await readAll();
    await end(next);
    wake(frozen);
    await scene.until('it has gone on', () => /reports written|away or busy/.test(frozen.output()));
    expect(await readAll()).toEqual(before);
    await expectWorks();
    await end(frozen);
  });
});
