import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bus } from '@passbook/bus';
import { IMPORTS_CHUNKED, REPORTS_DUE } from '@passbook/contracts';
import type { Transaction } from '@passbook/database';
import { makeFeeds } from '@passbook/feeds';
import { beginImport, describeKafka, openTestBus, sendManifest } from '@passbook/testing';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import type { Running } from '../run-passbook.js';
import { openScene, type Scene } from './fault-scene.js';

/*
 * What Postgres may answer that passes by itself. A processor as a process tries the batch again: every row is there once,
 * and nothing is a dead letter. The chunks are made here: the file is not what is tested.
 */

const feed = makeFeeds({ accountNumberKey: 'a key that only these tests have' })[0]!;
/** Advisory locks that the trigger of the tests takes: first the gate, then what the test holds. */
const GATE = 1;
const OURS = 2;
/** A user like those of a real installation: unlike a superuser, it has limits. */
const user = `test_${randomBytes(6).toString('hex')}`;

let scene: Scene;
let bus: Bus;
let processor: Running;
let imports = 0;

const run = (sql: string): Promise<unknown> => scene.database.query(sql);

/** Sends the chunks of a new import. @returns waits until it is loaded, and looks whether all of it is there once */
async function sendImport(): Promise<{ expectLoaded(): Promise<void> }> {
  imports += 1;
  const generated = generateTransactions({ accounts: 5, operations: 20, seed: 100 + imports });
  const begun = await beginImport(scene.database, feed, [...generated].join(''));
  await sendManifest(scene.database, feed, begun);
  await bus.publish(IMPORTS_CHUNKED, begun.messages);
  return {
    async expectLoaded() {
      const { no } = begun.one;
      await scene.until('the import is loaded', async () => {
        const found = await scene.count(`select count(*) from imports where no = $1 and state = 'loaded'`, [
          no,
        ]);
        return found === 1;
      });
      const { rows } = await scene.database.query(
        `select rows_posted as posted, rows_duplicate + rows_conflict as others,
                (select count(*) from transactions where import_no = no) as transactions,
                (select sum(amount_minor) from transactions where import_no = no)::text as net,
                (select sum(balance_minor) from accounts join import_accounts on account_id = id where import_no = no)::text
                  as balances,
                (select count(*) from dead_letters) as dead_letters
         from imports where no = $1`,
        [no],
      );
      const { goodRows, netMinor } = generated.answers();
      const net = String(netMinor);
      const rowsOnce = { posted: BigInt(goodRows), others: 0n, transactions: BigInt(goodRows) };
      expect(rows).toEqual([{ ...rowsOnce, net, balances: net, dead_letters: 0n }]);
    },
  };
}

/** Waits until the processor has said something (a part of a line) so often since `said`. */
const untilSays = (what: string, said: number, times = 1): Promise<unknown> =>
  scene.until(`it says: ${what}`, () => processor.output().slice(said).split(what).length > times);

describeKafka('the batch of a processor is tried again', () => {
  beforeAll(async () => {
    scene = await openScene();
    await run(`create role ${user} login password '${user}'`);
    await run(`grant all on schema public to ${user}`);
    await run(`grant all on all tables in schema public to ${user}`);
    await run(`grant all on all sequences in schema public to ${user}`);
    await run('create sequence failures');
    await run(`create function fail_twice() returns trigger language plpgsql as 'begin return null; end'`);
    await run(
      'create trigger fail_twice before insert on transactions for each statement execute function fail_twice()',
    );
    await run(`grant all on sequence failures to ${user}`);
    const url = new URL(scene.database.url);
    url.username = url.password = user;
    processor = scene.start('processor', { DATABASE_URL: url.href });
    bus = await openTestBus([IMPORTS_CHUNKED, REPORTS_DUE], { prefix: scene.prefix });
    await scene.until('it is started', () => processor.output().includes('"started"'));
  });
  afterAll(async () => {
    await bus.stop();
    await scene.place.remove();
    await run(`drop owned by ${user}`);
    await run(`drop role ${user}`);
    await scene.remove();
  });

  test.each([
    ['08006', 'a connection that failed'],
    ['25P03', 'a session that was idle in a transaction'],
    ['40001', 'a serialization failure'],
    ['40P01', 'a deadlock'],
    ['53100', 'a full disk'],
    ['53200', 'no memory'],
    ['53300', 'too many connections'],
    ['55P03', 'a lock that was not to be had in time'],
    ['57014', 'a statement that took too long'],
    ['57P01', 'a server that is shut down'],
    ['57P02', 'a server that crashed'],
    ['57P03', 'a server that is starting'],
    ['58030', 'a disk that fails'],
  ])('after SQLSTATE %s (%s)', async (state) => {
    await run('alter sequence failures restart');
    await run(`create or replace function fail_twice() returns trigger language plpgsql as $$ begin
      if nextval('failures') <= 2 then raise exception 'the weather is ${state}' using errcode = '${state}'; end if;
      return null; end $$`);
    const said = processor.output().length;
    const sent = await sendImport();
    await sent.expectLoaded();
    // What a user can mend is said once, in a sentence of our own.
    if (state === '53100')
      expect(processor.output().slice(said)).toContain('The disk of the database is full.');
    else expect(processor.output().slice(said).split(`the weather is ${state}`)).toHaveLength(3);
  });

  describe('and for real, while another session holds what the batch needs:', () => {
    /** Has an import come whose batch locks its accounts and then waits for us. */
    async function whileHeld(work: (trx: Transaction) => Promise<void>): Promise<void> {
      await run(
        `create or replace function fail_twice() returns trigger language plpgsql as 'begin return null; end'`,
      );
      let sent: Awaited<ReturnType<typeof sendImport>> | undefined;
      await scene.database.withTransaction(async (trx) => {
        await trx.query('lock table transactions in share mode');
        sent = await sendImport();
        await scene.until('the processor waits', isWaiting);
        await work(trx);
      });
      await sent!.expectLoaded();
    }
    const countWaiting = (who: string): Promise<number> =>
      scene.count(
        `select count(*) from pg_stat_activity
         where datname = current_database() and usename like $1 and wait_event_type = 'Lock'`,
        [who],
      );
    const isWaiting = async (): Promise<boolean> => (await countWaiting(user)) > 0;
    /** New connections have what was set since. */
    const reconnect = (): Promise<unknown> =>
      run(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${user}'`);

    test('pg_terminate_backend', async () => {
      const said = processor.output().length;
      await whileHeld(async () => {
        await reconnect();
        await untilSays('terminating connection due to administrator command', said);
      });
    });

    test.each([
      ['lock_timeout', 'canceling statement due to lock timeout'],
      ['statement_timeout', 'canceling statement due to statement timeout'],
    ])('%s', async (setting, message) => {
      await run(`alter role ${user} set ${setting} = '200ms'`);
      await reconnect();
      const said = processor.output().length;
      await whileHeld(() => untilSays(message, said, 2).then(() => {}));
      await run(`alter role ${user} reset ${setting}`);
      await reconnect();
    });

    test('a connection limit', async () => {
      const said = processor.output().length;
      await run(`alter role ${user} connection limit 0`);
      await reconnect();
      const sent = await sendImport();
      await untilSays('too many connections', said, 2);
      await run(`alter role ${user} connection limit -1`);
      await sent.expectLoaded();
    });

    test('a deadlock', async () => {
      // Who waits last is who closes the circle and looks for it: so the processor waits at a gate, its accounts locked,
      // until we wait for those, and goes on to what we hold only then.
      await run(`create or replace function fail_twice() returns trigger language plpgsql as $$ begin
        perform pg_advisory_xact_lock(${GATE}); perform pg_advisory_xact_lock(${OURS}); return null; end $$`);
      const said = processor.output().length;
      let sent: Awaited<ReturnType<typeof sendImport>> | undefined;
      await scene.database.withTransaction(async (trx) => {
        await trx.query(`select pg_advisory_xact_lock(${OURS})`);
        await trx.query(`set local deadlock_timeout = '1min'`);
        let asked: Promise<unknown> | undefined;
        await scene.database.withTransaction(async (gate) => {
          await gate.query(`select pg_advisory_xact_lock(${GATE})`);
          sent = await sendImport();
          await scene.until('the processor waits', isWaiting);
          asked = trx.query('select from accounts for update');
          // Of the processor two batches may wait, as many as it has at work at once.
          const { username } = new URL(scene.database.url);
          await scene.until('we wait for it', async () => (await countWaiting(username)) === 1);
        });
        await asked;
      });
      await sent!.expectLoaded();
      expect(processor.output().slice(said)).toContain('deadlock detected');
    });
  });
});
