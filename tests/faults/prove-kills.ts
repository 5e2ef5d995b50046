import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { findPostgres, makePlace } from '../run-passbook.js';

/** Moments after a start at which a kill meets every step: the start of Postgres, reading, loading, moving, rendering. */
const KILL_AFTER_MS = { min: 300, max: 3500 };

/**
 * Imports generated files, one after the other, and kills the process at random moments until it was killed so often.
 * After each import: every row is there once, the sums are right, the receipt foots, and nothing is left over.
 */
export async function proveKills({ rows, kills }: { rows: number; kills: number }): Promise<void> {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stderr.write(`kills: TEST_SEED=${seed}\n`);
  const random = makeRandom(seed);
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
    process.stderr.write(`kills: ${killed} in one import, every row is there once\n`);
    return killed;
  } finally {
    await place.remove();
  }
}

type Place = Awaited<ReturnType<typeof makePlace>>;

async function endImport(place: Place, name: string): Promise<void> {
  // A kill may have come after the file was moved: then a start without a file ends what is left.
  if ((await place.list('imports')).includes(name)) {
    expect(await place.run('start.mjs', [`imports/${name}`])).toMatchObject({ code: 0 });
    return;
  }
  const running = place.start('start.mjs');
  const deadline = performance.now() + 60_000;
  for (;;) {
    const status = await readStatus(place);
    if (
      status.state === 'loaded' &&
      status.reportsDue === 0 &&
      (await place.list('processed')).includes(`${name}.receipt.json`)
    )
      break;
    if (performance.now() > deadline) throw new Error(`The import did not end:\n${running.output()}`);
    await pause(500);
  }
  running.process.kill('SIGINT');
  await running.finished;
}

async function readStatus(place: Place): Promise<{ state: string; reportsDue: number }> {
  const { stdout } = await place.run('passbook.mjs', ['status', '--json']);
  const imports = JSON.parse(stdout) as { state: string; reportsDue: number }[];
  expect(imports).toHaveLength(1);
  return imports[0]!;
}

async function expectEverythingOnce(
  place: Place,
  name: string,
  answers: ReturnType<ReturnType<typeof generateTransactions>['answers']>,
): Promise<void> {
  expect(await place.list('processed')).toEqual([name, `${name}.receipt.json`]);
  expect(await place.list('imports')).toEqual([]);
  expect(await place.list('quarantine')).toEqual([`${name}.rows.csv`]);
  const receipt = JSON.parse(await place.read(`processed/${name}.receipt.json`)) as Record<string, unknown>;
  expect(receipt).toMatchObject({
    rowsRead: answers.rows,
    rowsPosted: answers.goodRows,
    rowsDuplicate: 0,
    rowsQuarantined: answers.badRows,
    accounts: answers.accountCount,
    amountPosted: answers.net,
    duplicateOf: null,
  });
  const folder = (await place.list('reports'))[0]!;
  const statements = (await place.list(`reports/${folder}`)).filter((file) => file.endsWith('.json'));
  expect(statements).toHaveLength(answers.accountCount);
  const found: string[] = [];
  for (const file of statements) {
    const { account, totalCredits, totalDebits, transactions } = JSON.parse(
      await place.read(`reports/${folder}/${file}`),
    ) as {
      account: { last4: string };
      totalCredits: string;
      totalDebits: string;
      transactions: { id: string }[];
    };
    expect(new Set(transactions.map((one) => one.id)).size).toBe(transactions.length);
    found.push(`${account.last4} ${transactions.length} ${totalCredits} ${totalDebits}`);
  }
  const expected = [...answers.accounts!].map(
    ([number, one]) =>
      `${number.slice(-4)} ${one.count} ${decimal(one.creditsMinor)} ${decimal(one.debitsMinor)}`,
  );
  expect(found.sort()).toEqual(expected.sort());
  expect(findPostgres(place.path)).toEqual([]);
}

function decimal(minor: bigint): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** mulberry32: the moments are the same for the same seed (the machine's speed aside). */
function makeRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
