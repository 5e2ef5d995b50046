// One start: a living server of the folder is adopted; else a new one is launched. Then we connect until it answers. A
// server that dies before it answers says in its log why: another port, another look, or an error for the user.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { waitFor } from '@passbook/runtime';
import pg from 'pg';
import { DATABASE_NAME } from './embedded-postgres-cluster.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { explainOutput, openLog, readLog } from './embedded-postgres-log.js';
import {
  clearStalePidFile,
  findPostmaster,
  isAlive,
  readLastPort,
  type Postmaster,
} from './embedded-postgres-postmaster.js';
import { processStart, serverEnvironment, type ServerUser } from './embedded-postgres-process.js';
import { isDiskFull, isWeather, sqlState } from './sqlstate.js';

export interface ServerPlan {
  postgres: string;
  data: string;
  log: string;
  user: ServerUser | null;
  password: string;
  settings: Readonly<Record<string, string>>;
}

/** A recovery after a crash replays up to max_wal_size. */
const READY_DEADLINE_MS = 120_000;
const CONNECT_DEADLINE_MS = 5_000;
/** `create database` copies 20 MB and waits for a checkpoint. */
const QUERY_DEADLINE_MS = 60_000;
const RETRY_MS = 50;
/** Between our choice of a free port and Postgres's bind anyone may take it. */
const PORT_TRIES_MAX = 5;

/** fsync, full_page_writes and synchronous_commit stay on, as they are by default: this is money. */
const defaultSettings: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '60',
  max_wal_size: '2GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The text of an error, its detail and its statement can quote a row. They go to the client only: the log has what
  // Postgres says of itself (`log` and above), tersely and without statements.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_checkpoints: 'off',
};

/** @returns the server that answers: the one that ran already, or a new one */
export async function obtainServer(plan: ServerPlan): Promise<Postmaster> {
  const end = performance.now() + READY_DEADLINE_MS;
  const avoid = new Set<number>();
  for (;;) {
    const running = findPostmaster(plan.data);
    const launched = running ? null : await launch(plan, await choosePort(plan.data, avoid));
    const postmaster = running ?? launched!.postmaster;
    if (await untilAnswers(postmaster, plan.password, end)) return postmaster;
    if (launched) judgeDeath(launched, plan, avoid);
    if (performance.now() > end) throw new EmbeddedPostgresError(notReady(plan.log, null));
    // A killed server's last processes may hold its memory for a moment.
    await waitFor(RETRY_MS);
  }
}

/** Makes the database `passbook` if it is not there. */
export async function createDatabase(postmaster: Postmaster, password: string): Promise<void> {
  try {
    await withClient(urlOf(postmaster, password, 'postgres'), async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE_NAME]);
      if (rowCount === 0) await client.query(`create database ${DATABASE_NAME}`);
    });
  } catch (err) {
    throw explainRefusal(err);
  }
}

export function urlOf(postmaster: Postmaster, password: string, database: string): string {
  // sslmode, because `pg` would take another one from the environment.
  return `postgres://${DATABASE_NAME}:${password}@127.0.0.1:${postmaster.port}/${database}?sslmode=disable`;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'passbook-start',
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    query_timeout: QUERY_DEADLINE_MS,
    // Given here, so that PGOPTIONS is not.
    options: '-c TimeZone=UTC',
  });
  // The server may end while we are connected: the statement that runs then fails, that is enough.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

interface Launched {
  postmaster: Postmaster;
  beginsAt: number;
}

/** Detached: neither Ctrl-C nor our end reaches it. */
async function launch(plan: ServerPlan, port: number): Promise<Launched> {
  clearStalePidFile(plan.data);
  const { file, beginsAt } = openLog(plan.log);
  try {
    const child = spawn(plan.postgres, serverArguments(plan, port), {
      cwd: '/',
      env: serverEnvironment,
      detached: true,
      stdio: ['ignore', file, file],
      ...(plan.user ? { uid: plan.user.uid, gid: plan.user.gid } : {}),
    });
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid!;
    // A start of '' never matches: it has died already.
    return { postmaster: { pid, start: processStart(pid) ?? '', port }, beginsAt };
  } catch (err) {
    throw new EmbeddedPostgresError(`Postgres could not be started: ${(err as Error).message}.`, {
      cause: err,
    });
  } finally {
    closeSync(file);
  }
}

function serverArguments(plan: ServerPlan, port: number): string[] {
  const settings = {
    ...defaultSettings,
    ...plan.settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
  };
  return [
    '-D',
    plan.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** @returns false when the server died before it answered */
async function untilAnswers(postmaster: Postmaster, password: string, end: number): Promise<boolean> {
  for (;;) {
    try {
      await withClient(urlOf(postmaster, password, 'postgres'), (client) => client.query('select 1'));
      // Whoever answered on that port: it was our server only if that lives.
      return isAlive(postmaster);
    } catch (err) {
      if (!isAlive(postmaster)) return false;
      const state = sqlState(err as Error);
      if (state === '28P01' || state === '28000') {
        throw new EmbeddedPostgresError(
          'The embedded Postgres refuses the password that is kept with it: bring the file "password" back from a backup.',
          { cause: err },
        );
      }
      // What the server itself says is for good, unless it is busy or starting. All else is the line: try again.
      if (state !== null && !isWeather(err)) throw explainRefusal(err);
      if (performance.now() > end) throw new EmbeddedPostgresError(notReady(null, err), { cause: err });
    }
    await waitFor(RETRY_MS);
  }
}

/** Returns when another try may succeed. @throws EmbeddedPostgresError when none will */
function judgeDeath(launched: Launched, plan: ServerPlan, avoid: Set<number>): void {
  const output = readLog(plan.log, launched.beginsAt);
  if (/could not bind|could not create any TCP\/IP sockets/.test(output) && avoid.size < PORT_TRIES_MAX - 1) {
    avoid.add(launched.postmaster.port);
    return;
  }
  // Another start was killed after its launch: look for its server. Or a crashed one's processes are still ending.
  if (/lock file "postmaster\.pid"|pre-existing shared memory block/.test(output)) return;
  throw new EmbeddedPostgresError(
    explainOutput(`The embedded Postgres did not start (log: ${plan.log})`, output, plan.data),
  );
}

function explainRefusal(err: unknown): EmbeddedPostgresError {
  const reason = isDiskFull(err) ? 'the disk is full; make room and start again' : (err as Error).message;
  return new EmbeddedPostgresError(`The embedded Postgres runs, but cannot be used: ${reason}.`, {
    cause: err,
  });
}

function notReady(log: string | null, err: unknown): string {
  const reason = err instanceof Error ? ` (${err.message})` : '';
  return (
    `The embedded Postgres was not ready within ${READY_DEADLINE_MS / 1000} s${reason}: start again` +
    (log === null ? '.' : `, or see ${log}.`)
  );
}

async function choosePort(data: string, avoid: ReadonlySet<number>): Promise<number> {
  const last = readLastPort(data);
  if (last !== null && !avoid.has(last) && (await portIfFree(last)) !== null) return last;
  const port = await portIfFree(0);
  if (port === null)
    throw new EmbeddedPostgresError('No port on 127.0.0.1 is free for the embedded Postgres.');
  return port;
}

/** @param port 0 for any */
async function portIfFree(port: number): Promise<number | null> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return null;
  }
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}
