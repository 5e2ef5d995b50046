import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The user that Postgres runs as, when that is not the user we run as. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** All that Postgres and its tools see of the environment: no PG*, no LANG or LC_*, no library paths of the user. */
export const serverEnvironment = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/** Enough of what a program said to explain its failure. */
const OUTPUT_KEPT_CHARS = 8_000;

/**
 * When a process was started, in a form that no other process with the same number ever has; null if no such process lives.
 * A zombie does not live: its number stays taken where nobody collects it (a container without an init).
 */
export function processStart(pid: number): string | null {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

/** The command line of a living process, its arguments separated by NUL (Linux) or blanks; '' if it cannot be read. */
export function commandLine(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : ps(pid, ['-ww', '-o', 'command=']);
  } catch {
    // It ended meanwhile, or belongs to someone who hides it: not ours either way.
    return '';
  }
}

/**
 * Runs a program to its end, out of reach of the terminal's Ctrl-C, so that our own shutdown decides.
 * @returns its exit code (null when it was ended by a signal or could not be started) and the last of what it said
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { user: ServerUser | null; deadlineMs: number },
): Promise<{ code: number | null; output: string }> {
  const { uid, gid } = options.user ?? {};
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: serverEnvironment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      output += `\nended after ${options.deadlineMs / 1000} s`;
      // The group: initdb has children of its own.
      if (child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
    }, options.deadlineMs);
    child.on('error', (err) => {
      clearTimeout(timer);
      resolve({ code: null, output: err.message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** Sends a signal; a process that is gone already is as good as one that obeyed. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err;
  }
}

function startFromProc(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (err) {
    const code = (err as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw err;
  }
  // The second field, the program's name in brackets, may itself hold blanks and brackets: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  if (state === undefined || start === undefined || state === 'Z' || state === 'X') return null;
  return `${bootId()}.${start}`;
}

/** The start is counted from the boot; two boots may start the same pid at the same tick. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
}

function startFromPs(pid: number): string | null {
  let line: string;
  try {
    line = ps(pid, ['-o', 'stat=', '-o', 'lstart=']).trim();
  } catch (err) {
    // ps exits with 1 when no such process lives.
    if ((err as { status?: number | null }).status === 1) return null;
    throw err;
  }
  const [state, ...start] = line.split(/\s+/);
  return state === undefined || state.startsWith('Z') ? null : start.join('.').replaceAll(':', '.');
}

function ps(pid: number, args: readonly string[]): string {
  return execFileSync('ps', [...args, '-p', String(pid)], {
    env: serverEnvironment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  });
}
