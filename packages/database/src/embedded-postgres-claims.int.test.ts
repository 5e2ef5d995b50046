import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { livingClaims, placeClaim, withLock } from './embedded-postgres-claims.js';
import { processStart } from './embedded-postgres-process.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeEach(async () => (folder = await makeTestFolder()));
afterEach(() => folder.remove());

test('of many who want the lock at once, one is inside at a time and all get in', async () => {
  let [inside, most, entered] = [0, 0, 0];
  const enter = (): Promise<void> =>
    withLock(folder.path, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      entered += 1;
    });
  await Promise.all(Array.from({ length: 12 }, enter));
  expect({ most, entered, left: readdirSync(folder.path) }).toEqual({ most: 1, entered: 12, left: [] });
});

test('processes that fight for the lock are never inside together', async () => {
  const program = `
    import { closeSync, openSync, rmSync } from 'node:fs';
    import { withLock } from '${new URL('../dist/embedded-postgres-claims.js', import.meta.url).href}';
    const [folder, witness] = process.argv.slice(1);
    for (let turn = 0; turn < 100; turn++) {
      // All begin on the same tick of the clock, to meet between looking and taking.
      for (const last = Date.now(); Date.now() === last || Date.now() % 4 > 0; );
      await withLock(folder, async () => {
        closeSync(openSync(witness, 'wx'));
        await new Promise(setImmediate);
        rmSync(witness);
      });
    }`;
  const args = [
    '--input-type=module',
    '-e',
    program,
    join(folder.path, 'lock'),
    join(folder.path, 'witness'),
  ];
  const fighters = [1, 2, 3].map(() => spawn(process.execPath, args, { stdio: 'ignore' }));
  const codes = await Promise.all(fighters.map(async (one) => ((await once(one, 'exit')) as [number])[0]));
  expect(codes).toEqual([0, 0, 0]);
});

test('work that fails gives the lock back', async () => {
  await expect(withLock(folder.path, () => Promise.reject(new Error('once')))).rejects.toThrow('once');
  await expect(withLock(folder.path, () => Promise.resolve('in'))).resolves.toBe('in');
});

test('the lock of a killed process, or of one whose number another process has now, keeps nobody out', async () => {
  const child = spawn('sleep', ['60']);
  const start = processStart(child.pid!);
  child.kill('SIGKILL');
  await once(child, 'exit');
  mkdirSync(folder.path, { recursive: true });
  writeFileSync(join(folder.path, `${child.pid}-${start}-000000000000`), '');
  writeFileSync(join(folder.path, `${process.pid}-${start}-000000000001`), '');
  await withLock(folder.path, () => Promise.resolve());
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a process that has ended but was never collected does not count as living', async () => {
  // The shell starts a child and becomes a program that never waits for it.
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  while (processStart(pid) !== null) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(() => process.kill(pid, 0)).not.toThrow();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
});

test('a claim lasts until it is removed', () => {
  const claims = [placeClaim(folder.path), placeClaim(folder.path)];
  expect(livingClaims(folder.path)).toHaveLength(2);
  claims[0]!.remove();
  claims[0]!.remove();
  expect(livingClaims(folder.path)).toHaveLength(1);
});
