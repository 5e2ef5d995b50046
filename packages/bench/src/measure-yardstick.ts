import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { userEnvironment } from '@passbook/testing';
import { openDatabase } from '@passbook/database';
import type { Input } from './make-inputs.js';
import { subtractCpu } from './read-cpu.js';
import { prefixValues, type Values } from './samples.js';
import type { Servers } from './servers.js';

/** What stands before it in yardstick.sql is not timed. */
const CLOCK_STARTS = '-- The clock starts here.';

export function isPsqlThere(): boolean {
  return spawnSync('psql', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Loads a file as a DBA would, with psql, on the same server as ours.
 * @param sqlName the script; it names the file, or the folder of several
 * @returns `psql`: seconds from its start to its end; `cpu.…`: CPU seconds of Postgres meanwhile
 */
export async function measureYardstick(
  servers: Servers,
  root: string,
  input: Input,
  sqlName = 'yardstick.sql',
): Promise<Values> {
  const { postgres, closers } = servers;
  const sql = await readFile(join(root, 'packages/bench', sqlName), 'utf8');
  const [schema, work] = splitYardstick(sql, input.path);
  const name = `bench_dba_${randomUUID().slice(0, 8)}`;
  const script = `${input.path}.sql`;
  await postgres.create(name, null);
  try {
    const database = openDatabase({ url: postgres.url(name), applicationName: 'bench', connectionsMax: 1 });
    await database.query(schema).finally(() => database.close());
    await writeFile(script, work);
    await postgres.calm();
    const before = postgres.readTimes();
    const since = performance.now();
    await runPsql(postgres.url(name), script, (close) => closers.add(close));
    const psql = (performance.now() - since) / 1000;
    const after = postgres.readTimes();
    if (before === null || after === null) return { psql };
    return { psql, ...prefixValues('cpu', subtractCpu({ ...before }, { ...after })) };
  } finally {
    await rm(script, { force: true });
    if (!closers.isClosing()) await postgres.drop(name);
  }
}

/** What comes before the clock starts, and after; psql takes no variables in a \copy. */
export function splitYardstick(sql: string, path: string): [string, string] {
  const [schema, work] = sql.split(CLOCK_STARTS);
  if (schema === undefined || work === undefined)
    throw new Error('yardstick.sql does not say where the clock starts.');
  const quoted = (one: string): string => one.replaceAll("'", "''");
  return [
    schema,
    work
      .replace("'FILE'", () => `'${quoted(path)}'`)
      .replaceAll("'FOLDER/", () => `'${quoted(dirname(path))}/`),
  ];
}

function runPsql(url: string, script: string, onStart: (close: () => Promise<void>) => void): Promise<void> {
  const child = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', script, url], {
    env: { ...userEnvironment('/'), PGCLIENTENCODING: 'UTF8' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  return new Promise((resolve, reject) => {
    onStart(() => Promise.resolve(void child.kill('SIGKILL')));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`psql ended with ${code}: ${told}`)),
    );
  });
}
