import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeKafka } from '@passbook/testing';
import type { Running } from '../run-passbook.js';
import { openScene, type Scene } from './fault-scene.js';
import { claimOfChunks, faultsEnvironment, isPaused } from './watched-process.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.remove());

async function endAll(services: readonly Running[]): Promise<void> {
  for (const { process } of services) process.kill('SIGTERM');
  for (const { finished } of services) expect((await finished).code).toBe(0);
}

/** Postgres ends a session a moment after its client has gone; the leases are let go before that. */
async function expectNothingLeft(): Promise<void> {
  await scene.until('the sessions have ended', async () => (await countSessions()) === 0);
  const { rows } = await scene.database.query(
    `select (select count(*) from pg_locks where locktype = 'advisory'
               and database = (select oid from pg_database where datname = current_database())) as locks,
            (select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%') as transactions,
            (select count(*) from imports where lease_token is not null or lease_until > now()) as leases,
            (select count(*) from reports where lease_token is not null) as claims`,
  );
  expect(rows).toEqual([{ locks: 0n, transactions: 0n, leases: 0n, claims: 0n }]);
}

/** Of the services, not of this test. */
const countSessions = (): Promise<number> =>
  scene.count(
    `select count(*) from pg_stat_activity where datname = current_database()
       and backend_type = 'client backend' and application_name <> 'passbook-tests'`,
  );

describeKafka('services that are told to stop', () => {
  test('in the middle of an import and after it leave no session, no lock, no transaction and no lease', async () => {
    const { place } = scene;
    const sign = join(place.path, 'go');
    const others = ['chunker', 'reporter', 'api'].map((name) => scene.start(name));
    const pause = { at: claimOfChunks, until: sign };
    const processor = scene.start('processor', faultsEnvironment(place, { log: 'operations', pause }));
    await scene.drop('large.csv', { accounts: 100, operations: 50, bad: 0.001, seed: 31 });
    await scene.until('a batch is in work', () => isPaused(place, 'operations'));
    expect(await scene.count('select count(*) from imports where lease_token is not null')).toBe(1);
    expect(await countSessions()).toBeGreaterThan(0);
    await endAll(others);
    processor.process.kill('SIGTERM');
    await scene.until('it stops', () => processor.output().includes('"stopping"'));
    await writeFile(sign, '');
    expect((await processor.finished).code).toBe(0);
    expect(await scene.count(`select count(*) from drops where state = 'done'`)).toBe(0);
    await expectNothingLeft();

    const second = ['chunker', 'processor', 'reporter', 'api'].map((name) => scene.start(name));
    await scene.untilEnded();
    await scene.expectAllOnce();
    await endAll(second);
    await expectNothingLeft();
  });
});
