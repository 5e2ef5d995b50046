import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPostgres, userEnvironment } from '@passbook/testing';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What a run of a command gave. */
export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A command that runs. */
export interface Running {
  process: ChildProcess;
  finished: Promise<Finished>;
  /** What it has printed so far. */
  output(): string;
}

/** A folder in which a user stands, with an embedded Postgres of its own. */
export interface Place {
  path: string;
  /** Starts `node scripts/<script>` as npm does it for a user who stands in the folder. */
  start(script: string, args?: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  run(
    script: string,
    args?: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<Finished>;
  read(path: string): Promise<string>;
  list(path: string): Promise<string[]>;
  /** Ends what still runs, also the Postgres that a killed process left behind, and deletes the folder. */
  remove(): Promise<void>;
}

export async function makePlace(): Promise<Place> {
  const path = await mkdtemp(join(tmpdir(), 'passbook-e2e-'));
  // As folders of users are: the user that runs Postgres can enter it.
  await chmod(path, 0o755);
  for (const name of ['imports', 'processed', 'quarantine', 'reports']) await mkdir(join(path, name));
  const running = new Set<Running>();
  const start: Place['start'] = (script, args = [], environment = {}) => {
    const one = startNode([join(root, 'scripts', script), ...args], path, { HTTP_PORT: '0', ...environment });
    running.add(one);
    void one.finished.finally(() => running.delete(one));
    return one;
  };
  return {
    path,
    start,
    run: (script, args, environment) => start(script, args, environment).finished,
    read: (name) => readFile(join(path, name), 'utf8'),
    list: async (name) => (await readdir(join(path, name))).filter((entry) => !entry.startsWith('.')).sort(),
    async remove() {
      for (const one of running) one.process.kill('SIGKILL');
      await Promise.all([...running].map((one) => one.finished));
      for (const pid of findPostgres(path)) process.kill(pid, 'SIGQUIT');
      // Where Postgres may not enter the programs' folder, a copy of them is elsewhere, with the data.
      const room = await readFile(join(path, '.passbook/postgres/room'), 'utf8').catch(() => null);
      if (room !== null) await rm(room.trim(), { recursive: true, force: true });
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function startNode(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Running {
  const env = { ...userEnvironment(cwd), ...environment };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, finished, output: () => stdout + stderr };
}
