import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeKafka } from '@passbook/testing';
import { root } from '../run-passbook.js';

const DEADLINE_MS = 280_000;

/** Runs the proof, and gives what it said. */
function prove(...args: string[]): { status: number | null; stdout: string } {
  const options = [join(root, 'scripts/prove.mjs'), '--rows', '20000', ...args];
  const { status, stdout } = spawnSync(process.execPath, options, { encoding: 'utf8', timeout: DEADLINE_MS });
  return { status, stdout };
}

describeKafka('the proof with random faults', () => {
  test.each([
    // Failed once: a file that replaced another was taken for two.
    ['4.3.1', '20'],
    ['3.9.2', '5'],
  ])('finds every row where it must be, on Kafka %s, with the seed %s', (version, seed) => {
    expect(prove('--seed', seed, '--kafka', version)).toMatchObject({ status: 0 });
  });
});
