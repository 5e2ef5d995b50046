import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { waitFor } from '@passbook/runtime';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { commandLine, processStart, signalProcess } from './embedded-postgres-process.js';

/** A running server. Its number and its start name it: the number alone may be another process tomorrow. */
export interface Postmaster {
  pid: number;
  start: string;
  port: number;
}

/** A fast stop writes a checkpoint: 128 MB of buffers at most. */
const STOP_DEADLINE_MS = 60_000;
/** After an immediate stop; the next start recovers. */
const QUIT_DEADLINE_MS = 10_000;
const POLL_MS = 20;

/** The living server of this data folder, by its postmaster.pid; null if there is none. */
export function findPostmaster(data: string): Postmaster | null {
  const { pid, port } = readPidFile(data) ?? {};
  if (!pid || !port) return null;
  const start = processStart(pid);
  return start !== null && servesFolder(pid, data) ? { pid, start, port } : null;
}

/**
 * Postgres itself overwrites the postmaster.pid of a dead process, but not an empty one, and not one whose number now
 * belongs to a process of someone else. Called under the lock, when no server of this folder lives.
 */
export function clearStalePidFile(data: string): void {
  const stale = readPidFile(data);
  if (stale && (!stale.pid || processStart(stale.pid) !== null)) {
    rmSync(join(data, 'postmaster.pid'), { force: true });
  }
}

/** The port of the last server, if its crash left the file: who is connected to that port comes back to it. */
export function readLastPort(data: string): number | null {
  return readPidFile(data)?.port || null;
}

export function isAlive(postmaster: { pid: number; start: string }): boolean {
  return processStart(postmaster.pid) === postmaster.start;
}

/** Stops it as `pg_ctl stop -m fast -w` does: connections are ended, everything is on disk. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  if (isAlive(postmaster)) signalProcess(postmaster.pid, 'SIGINT');
  if (await untilDead(postmaster, STOP_DEADLINE_MS)) return;
  signalProcess(postmaster.pid, 'SIGQUIT');
  if (await untilDead(postmaster, QUIT_DEADLINE_MS)) return;
  throw new EmbeddedPostgresError(
    `The embedded Postgres (process ${postmaster.pid}) does not stop; what is committed is safe, and you may kill it.`,
  );
}

export async function untilDead(
  postmaster: { pid: number; start: string },
  deadlineMs: number,
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (isAlive(postmaster)) {
    if (performance.now() > end) return false;
    await waitFor(POLL_MS);
  }
  return true;
}

/** Its lines: pid (negative for a single-user server), data folder, start, port, … A number that is not there is 0. */
function readPidFile(data: string): { pid: number; port: number } | null {
  let text: string;
  try {
    text = readFileSync(join(data, 'postmaster.pid'), 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw err;
  }
  const number = (line: string | undefined): number =>
    /^-?\d+$/.test(line ?? '') ? Math.abs(Number(line)) : 0;
  const lines = text.split('\n');
  return { pid: number(lines[0]), port: number(lines[3]) };
}

/** Whether a process is our server: by its command line, or, if the folder was renamed since, by where it works. */
function servesFolder(pid: number, data: string): boolean {
  const command = commandLine(pid);
  if (process.platform !== 'linux') return command.includes(`postgres -D ${data} `);
  const [program, option, folder] = command.split('\0');
  if (basename(program ?? '') !== 'postgres') return false;
  if (option === '-D' && folder === data) return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data;
  } catch {
    // Ended meanwhile, or another user's: root in a container may not look into those.
    return false;
  }
}
