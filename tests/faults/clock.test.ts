import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@passbook/testing';
import { readOperations } from './watched-process.js';
import { makeText, makeWatchTrial, type WatchTrial } from './watch-trial.js';

/* Somebody, or NTP, sets the clock of the machine while an import goes on. */

const HOUR_MS = 60 * 60 * 1000;

let trial: WatchTrial;
beforeEach(async () => {
  trial = await makeWatchTrial();
});
afterEach(() => trial.remove());

test.each([
  ['back', -HOUR_MS],
  ['forward', 2 * HOUR_MS],
])('the clock is set %s by hours while an import goes on: nothing waits for it', async (_, byMs) => {
  const faults = {
    pause: { at: /^insert into drops/, until: trial.at('jump') },
    clock: { byMs, when: trial.at('jump') },
  };
  await trial.start(faults, { FILE_STABLE_MS: '500' });
  await trial.drop('first.csv', makeText(500));
  await trial.paused();
  await trial.drop('second.csv', makeText(500));
  await until('the second is seen, and has not been quiet for long enough', async () =>
    (await readOperations(trial.place, 'operations')).some(({ name }) => name === 'open imports/second.csv'),
  );
  await trial.sign('jump');
  // A lease or a pause that went by the clock would take an hour: none of this would come.
  expect(await trial.receipt('first.csv')).toMatchObject({ rowsPosted: 500 });
  expect(await trial.receipt('second.csv')).toMatchObject({ rowsPosted: 500 });
  await trial.expectAllDone(1000);
});

test('a chunker whose clock is hours ahead leaves a copy alone that another is making', async () => {
  await trial.start({ pause: { at: /^insert into imports/, until: trial.at('go') } });
  await trial.drop('first.csv', makeText(500));
  await trial.paused();
  // It only sweeps: for so long no file lies still.
  await trial.sign('jump');
  const clock = { byMs: 2 * HOUR_MS, when: trial.at('jump') };
  await trial.start({ log: 'other', clock }, { FILE_STABLE_MS: '600000' });
  await until('it has swept', async () =>
    (await readOperations(trial.place, 'other')).some(({ name }) =>
      name.startsWith('select i.no from imports'),
    ),
  );
  await trial.sign('go');
  expect(await trial.receipt('first.csv')).toMatchObject({ rowsPosted: 500 });
  await trial.expectAllDone(500);
});
