import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userEnvironment, type Closers } from '@passbook/testing';
import type { Calling, Measured } from './call-for-seconds.js';

/** Of pgbench's own threads: it needs little, and the server has to share the machine with it. */
const THREADS = 2;

export function isPgbenchThere(): boolean {
  return spawnSync('pgbench', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** One transfer between two accounts, in a call and a commit of its own. */
const transferScript = (accounts: number): string => `
\\set one random(1, ${accounts})
\\set two random(1, ${accounts} - 1)
\\set other case when :two >= :one then :two + 1 else :two end
select yardstick_transfer(gen_random_uuid()::text, gen_random_uuid(), :one::bigint, :other::bigint, 1);
`;

/** Transfers by pgbench, with prepared statements, by the function of yardstick-transfers.sql, which the database has. */
export async function runPgbench(
  closers: Closers,
  url: string,
  { accounts, callers, seconds }: Calling,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'passbook-bench-pgbench-'));
  try {
    const script = join(folder, 'transfer.sql');
    await writeFile(script, transferScript(accounts));
    const counts = ['--client', String(callers), '--jobs', String(THREADS), '--time', String(seconds)];
    const logs = ['--log', '--log-prefix', join(folder, 'log')];
    await run(closers, ['--no-vacuum', '--protocol', 'prepared', ...counts, ...logs, '--file', script, url]);
    return { latenciesMs: await readLatencies(folder), seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The third column of the logs is a transaction's microseconds. */
async function readLatencies(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('log'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split(' ')[2]) / 1_000),
  );
}

function run(closers: Closers, args: readonly string[]): Promise<void> {
  const child = spawn('pgbench', args, { env: userEnvironment('/'), stdio: ['ignore', 'ignore', 'pipe'] });
  closers.add(() => Promise.resolve(void child.kill('SIGKILL')));
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`pgbench ended with ${code}: ${told}`)),
    );
  });
}
