import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { findPostgres, makeRandom, until } from '@passbook/testing';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { expectEverythingOnce } from '../expectations.js';
import { makePlace, type Place } from '../run-passbook.js';

/** Moments after a start at which a kill meets every step: the start of Postgres, reading, loading, moving, rendering. */
const KILL_AFTER_MS = { min: 300, max: 3500 };

/**
 * Imports generated files, one after the other, and kills the process at random moments until it was killed so often.
 * After each import: every row is there once, the sums are right, the receipt foots, and nothing is left over.
 */
export async function proveProcessKills({ rows, kills }: { rows: number; kills: number }): Promise<void> {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stderr.write(`kills: TEST_SEED=${seed}\n`);
  const random = makeRandom(seed).next;
  let killed = 0;
  for (let file = 0; killed < kills; file++)
    killed += await proveImport({ rows, seed: seed + file, kills: kills - killed, random });
}

/** Drops one file, and starts a process anew after each kill. @returns how often it was killed before the import had ended */
async function proveImport(plan: {
  rows: number;
  seed: number;
  kills: number;
  random: () => number;
}): Promise<number> {
  const place = await makePlace();
  try {
    const options = { accounts: 30, operations: plan.rows / 30, seed: plan.seed, bad: 0.001, figures: true };
    const generated = generateTransactions(options);
    const name = 'large.csv';
    await writeFile(join(place.path, 'imports', name), generated);
    let killed = 0;
    const hasReceipt = async (): Promise<boolean> =>
      (await place.list('processed')).includes(`${name}.receipt.json`);
    while (killed < plan.kills && !(await hasReceipt())) {
      const running = place.start('start.mjs', [`imports/${name}`]);
      const moment = KILL_AFTER_MS.min + plan.random() * (KILL_AFTER_MS.max - KILL_AFTER_MS.min);
      await Promise.race([running.finished, pause(moment)]);
      if (running.process.kill('SIGKILL')) killed += 1;
      await running.finished;
    }
    await endImport(place, name);
    await expectEverythingOnce(place, name, generated.answers());
    expect(findPostgres(place.path)).toEqual([]);
    process.stderr.write(`kills: ${killed} in one import, every row is there once\n`);
    return killed;
  } finally {
    await place.remove();
  }
}

async function endImport(place: Place, name: string): Promise<void> {
  // A kill may have come after the file was moved: then a start without a file ends what is left.
  if ((await place.list('imports')).includes(name)) {
    expect(await place.run('start.mjs', [`imports/${name}`])).toMatchObject({ code: 0 });
    return;
  }
  const running = place.start('start.mjs');
  const hasEnded = async (): Promise<boolean> => {
    if (!(await place.list('processed')).includes(`${name}.receipt.json`)) return false;
    const status = await readStatus(place);
    return status.state === 'loaded' && status.reportsDue === 0;
  };
  await until('the import has ended', hasEnded).catch((err: Error) => {
    throw new Error(`${err.message}\n${running.output()}`);
  });
  running.process.kill('SIGINT');
  await running.finished;
}

async function readStatus(place: Place): Promise<{ state: string; reportsDue: number }> {
  const { stdout } = await place.run('passbook.mjs', ['status', '--json']);
  const imports = JSON.parse(stdout) as { state: string; reportsDue: number }[];
  expect(imports).toHaveLength(1);
  return imports[0]!;
}
