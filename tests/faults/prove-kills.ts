import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { findPostgres, makePlace } from '../run-passbook.js';

/** Moments after a start at which a kill meets every step: the start of Postgres, reading, loading, moving, rendering. */
const KILL_AFTER_MS = { min: 300, max: 4500 };

/**
 * Drops a generated file, kills the process at random moments and starts it again after each; then lets it end.
 * Every row is there once, the sums are right, the receipt foots, and nothing is left over.
 */
export async function proveKills({ rows, kills }: { rows: number; kills: number }): Promise<void> {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stderr.write(`kills: TEST_SEED=${seed}\n`);
  const random = makeRandom(seed);
  const place = await makePlace();
  try {
    const generated = generateTransactions({
      accounts: 30,
      operations: rows / 30,
      seed,
      bad: 0.001,
      figures: true,
    });
    const name = 'large.csv';
    await writeFile(join(place.path, 'imports', name), generated);
    const answers = generated.answers();
    for (let kill = 0; kill < kills; kill++) {
      const running = place.start('start.mjs', [`imports/${name}`]);
      await Promise.race([
        running.finished,
        pause(KILL_AFTER_MS.min + random() * (KILL_AFTER_MS.max - KILL_AFTER_MS.min)),
      ]);
      running.process.kill('SIGKILL');
      await running.finished;
      if ((await place.list('processed')).includes(`${name}.receipt.json`)) break;
    }
    await endImport(place, name);
    await expectEverythingOnce(place, name, answers);
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
