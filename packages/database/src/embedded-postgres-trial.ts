// For the tests of the embedded Postgres alone: a folder for each, processes that use it, and an end of all of them.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { findPostmaster, untilDead } from './embedded-postgres-postmaster.js';
import { commandLine, processStart, signalProcess } from './embedded-postgres-process.js';

/** Another process that starts the embedded Postgres. */
export interface PostgresRun {
  process: ChildProcess;
  /** Rejects with what the program said when it ends without one. */
  url: Promise<string>;
  /** Throws if it said anything but its address or did not end well. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface RunOptions {
  uid?: number;
  gid?: number;
  env?: Readonly<Record<string, string>>;
  settings?: Readonly<Record<string, string>>;
}

export interface PostgresTrial {
  directory: string;
  /** Lays a cluster into the folder that was made before. */
  useMade(): void;
  run(options?: RunOptions): PostgresRun;
  /** Starts it in this process. */
  start(): Promise<EmbeddedPostgres>;
  /** Null also for a server that is gone but left its file. */
  postmasterPid(): number | null;
  readLog(): string;
  remove(): Promise<void>;
}

export interface PostgresTrials {
  next(): Promise<PostgresTrial>;
  remove(): Promise<void>;
}

/** What other processes run: the tests themselves run the source. */
export const compiledEmbeddedPostgres = new URL('../dist/embedded-postgres.js', import.meta.url).href;
/** The data of tests need not outlive a power cut. */
export const fastSettings = { fsync: 'off', full_page_writes: 'off' };

/** Prints the address, stops when told to, and pays no heed to Ctrl-C. */
const program = `
  import { createInterface } from 'node:readline';
  import { startEmbeddedPostgres } from '${compiledEmbeddedPostgres}';
  process.on('SIGINT', () => {});
  const [directory, settings] = process.argv.slice(1);
  const notify = () => {};
  const postgres = await startEmbeddedPostgres({ directory, notify, settings: JSON.parse(settings) });
  console.log(postgres.url);
  for await (const line of createInterface(process.stdin)) if (line === 'stop') break;
  await postgres.stop();
  process.exit(0);
`;

/** Makes one cluster; trials that do not try the making begin with a copy of it. */
export async function makePostgresTrials(): Promise<PostgresTrials> {
  const made = makeTrial('');
  await (await made.start()).stop();
  return { next: () => Promise.resolve(makeTrial(made.directory)), remove: () => made.remove() };
}

export async function queryOnce(url: string, sql = 'select 1'): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function makeTrial(made: string): PostgresTrial {
  const directory = mkdtempSync(join(tmpdir(), 'passbook-postgres-'));
  // As folders of users are: the user that runs Postgres can enter it.
  chmodSync(directory, 0o755);
  const data = join(directory, 'postgres/data');
  const runs: PostgresRun[] = [];
  return {
    directory,
    // `cp -a` keeps owners, unlike what Node offers.
    useMade: () => void execFileSync('cp', ['-a', join(made, 'postgres'), directory]),
    run(options = {}) {
      const run = startRun(directory, options);
      runs.push(run);
      return run;
    },
    start: () => startEmbeddedPostgres({ directory, notify: () => {}, settings: fastSettings }),
    postmasterPid() {
      const file = join(data, 'postmaster.pid');
      const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
      return pid > 1 && processStart(pid) !== null ? pid : null;
    },
    readLog: () => readFileSync(join(directory, 'postgres/log'), 'utf8'),
    async remove() {
      for (const run of runs) await run.kill();
      const postmaster = findPostmaster(data);
      if (postmaster && commandLine(postmaster.pid).includes(directory)) {
        signalProcess(postmaster.pid, 'SIGQUIT');
        await untilDead(postmaster, 10_000);
      }
      rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function startRun(directory: string, options: RunOptions): PostgresRun {
  const { env = {}, settings = fastSettings, ...user } = options;
  const args = ['--input-type=module', '-e', program, directory, JSON.stringify(settings)];
  const child = spawn(process.execPath, args, { ...user, cwd: '/', env, detached: true });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('close', () => reject(new Error(said)));
  });
  // Who kills it does not ask for its address.
  url.catch(() => {});
  return {
    process: child,
    url,
    async stop() {
      child.stdin.write('stop\n');
      const [code] = (await ended) as [number | null];
      if (code !== 0 || said !== '') throw new Error(`It ended with ${code}: ${said}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
