import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { countLockWaits, until } from '@passbook/testing';
import type { Running } from '../run-passbook.js';
import { expectSuccess } from './kill-trial.js';
import { makeReconcileTrial, UNFINISHED, type ReconcileTrial } from './prove-reconcile-kills.js';
import { isPaused } from './watched-process.js';

let trial: ReconcileTrial;
beforeEach(async () => {
  trial = await makeReconcileTrial();
});
afterEach(() => trial.remove());

/** Starts the command, which waits when it is about to write its first file. */
async function startPaused(): Promise<{ running: Running; goOn: () => Promise<void> }> {
  const go = join(trial.place.path, 'go');
  const running = trial.start({ log: 'operations', pause: { at: /^writeFile reports/, until: go } });
  await until('it is about to write', () => isPaused(trial.place, 'operations'));
  return { running, goOn: () => writeFile(go, '') };
}

test('passbook reconcile twice at the same moment writes the same files, and leaves nothing beside them', async () => {
  const first = await startPaused();
  // Both are held in their middle: one has begun a file that has no name yet, the other has looked at what there is.
  const second = await trial.database.withTransaction(async (trx) => {
    await trx.query('lock table feed_gtr_report in access exclusive mode');
    await first.goOn();
    await until('one has begun a file', async () =>
      Object.keys(await trial.readReport()).some((name) => UNFINISHED.test(name)),
    );
    const running = trial.start();
    await until('the other reads rows', async () => (await countLockWaits(trial.database)) === 2);
    return { running };
  });
  const [one, other] = [await first.running.finished, await second.running.finished];
  expectSuccess(one);
  expectSuccess(other);
  expect(other.stdout).toBe(one.stdout);
  await trial.expectRight();
});

test('passbook reconcile that is told to stop ends as one that was interrupted, and leaves no file', async () => {
  const { running, goOn } = await startPaused();
  running.process.kill('SIGTERM');
  await goOn();
  expect(await running.finished).toMatchObject({ code: 130, stdout: '' });
  expect(await trial.readReport()).toEqual({});
  await trial.expectRight();
});
