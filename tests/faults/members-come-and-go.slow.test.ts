import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeKafka } from '@passbook/testing';
import type { Running } from '../run-passbook.js';
import { openScene, type Scene } from './fault-scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.remove());

/** How often somebody joins and somebody leaves while the import goes on. */
const CHANGES = 8;
const CHANGE_EVERY_MS = 2_500;

describeKafka('an import of 200,000 rows', () => {
  test('is posted once while processors join, leave (SIGTERM) and are killed (-9) every few seconds', async () => {
    // Each batch takes its time: the import is not to end before they have come and gone.
    await scene.database.query(`create function be_slow() returns trigger language plpgsql as
      'begin perform pg_sleep(0.7); return null; end'`);
    await scene.database.query(
      'create trigger be_slow before insert on loaded_chunks for each statement execute function be_slow()',
    );
    scene.start('chunker');
    scene.start('reporter');
    const members: Running[] = [1, 2, 3].map(() => scene.start('processor'));
    await scene.drop('large.csv', { accounts: 400, operations: 500, bad: 0.001, seed: 21 });
    await scene.until('something is loaded', async () => (await chunksLoaded()) > 0);
    let changesInWork = 0;
    for (let change = 0; change < CHANGES; change++) {
      const leaving = members.shift()!;
      leaving.process.kill(change % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
      members.push(scene.start('processor'));
      if (!(await isLoaded())) changesInWork += 1;
      const { code } = await leaving.finished;
      expect([change, code]).toEqual([change, change % 2 === 0 ? 0 : null]);
      await pause(CHANGE_EVERY_MS);
    }
    expect(changesInWork).toBe(CHANGES);
    await scene.untilEnded(180_000);
    await scene.expectAllOnce();
  });
});

const chunksLoaded = (): Promise<number> =>
  scene.count('select coalesce(sum(chunks_loaded), 0) from imports');
const isLoaded = async (): Promise<boolean> =>
  (await scene.count(`select count(*) from imports where state = 'loaded'`)) > 0;
