import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeKafka, testKafka, uniqueName } from '@passbook/testing';
import { makeText, makeWatchTrial, type WatchTrial } from './watch-trial.js';

const HOUR_MS = 60 * 60 * 1000;

/**
 * Longer than a session of Kafka (15 s): who has nothing to do, and by its clock need not give a sign of life yet, is taken
 * for dead. The silence is the fault that is shown: this is no wait for something.
 */
const SILENCE_MS = 20_000;

/** What an import of a few rows may take; a group that is shared anew takes some seconds. */
const IMPORT_MAX_MS = 10_000;

let trial: WatchTrial;
beforeEach(async () => {
  trial = await makeWatchTrial();
});
afterEach(() => trial.remove());

describeKafka('the services', () => {
  test.each([
    ['back', -HOUR_MS],
    ['forward', HOUR_MS],
  ])('whose clocks are set %s by an hour go on without a pause', async (_, byMs) => {
    const { brokers } = await testKafka();
    const environment = { KAFKA_BROKERS: brokers, KAFKA_PREFIX: `${uniqueName('clock')}.` };
    const clock = { byMs, when: trial.at('jump') };
    const running = ['chunker', 'processor', 'reporter'].map((name) =>
      trial.startService(name, environment, { clock, log: name }),
    );
    let imported = 0;
    let slowestMs = 0;
    const importOne = async (): Promise<void> => {
      const name = `file-${++imported}.csv`;
      const startedMs = performance.now();
      await trial.drop(name, makeText(20));
      expect(await trial.receipt(name)).toMatchObject({ rowsPosted: 20, duplicateOf: null });
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    };
    await importOne();
    slowestMs = 0;
    await writeFile(trial.at('jump'), '');
    for (let silence = 0; silence < 3; silence++) {
      await importOne();
      await pause(SILENCE_MS);
    }
    await importOne();
    process.stderr.write(`clock: ${imported} imports, the slowest took ${Math.round(slowestMs)} ms\n`);
    expect(slowestMs).toBeLessThan(IMPORT_MAX_MS);
    await trial.expectAllDone(20 * imported);
    for (const one of running) {
      const last = /.*"time":"([^"]+)".*\n$/.exec(one.output())![1]!;
      expect(Math.abs(Date.parse(last) - Date.now() - byMs)).toBeLessThan(HOUR_MS / 2);
    }
  });
});
