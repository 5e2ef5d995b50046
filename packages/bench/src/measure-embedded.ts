import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { userEnvironment } from '@passbook/testing';
import { layGround } from './ground.js';
import type { Input } from './make-inputs.js';
import { removePassbookFolder } from './postgres.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';

/** What `npm start -- FILE` spends its time with. */
export const embeddedSpans = {
  ready: 'start → ready, with a new database',
  loaded: 'ready → last row',
  statements: 'last row → last statement',
  ended: 'last statement → end',
} as const;

/** The lines that tell where it is. Of the last one, the last time counts. */
const signs = {
  ready: ': copying',
  loaded: '"msg":"import loaded"',
  statements: '"msg":"reports written"',
} as const;

/** A stop takes 15 s at the most. */
const END_DEADLINE_MS = 20_000;

/** Imports a file by `npm start -- FILE`: one process, the bus inside it, a Postgres of its own. */
export async function measureEmbedded(
  { postgres, closers }: Servers,
  root: string,
  input: Input,
): Promise<Values> {
  const ground = await layGround(closers);
  let stop = (): Promise<void> => Promise.resolve();
  let removed: Promise<void> | undefined;
  const remove = async (): Promise<void> => {
    await stop();
    await removePassbookFolder(ground.environment['PASSBOOK_DIR']!);
    await ground.clear();
  };
  const close = (): Promise<void> => (removed ??= remove());
  closers.add(close);
  try {
    await postgres.calm();
    if (closers.isClosing()) throw new Error('The run is over.');
    const run = startOnce(root, input.path, { ...userEnvironment(ground.path), ...ground.environment });
    stop = run.stop;
    return await run.ended;
  } finally {
    await close();
  }
}

/** Starts it, and notes when its lines come. */
function startOnce(
  root: string,
  path: string,
  environment: NodeJS.ProcessEnv,
): { ended: Promise<Values>; stop: () => Promise<void> } {
  const since = performance.now();
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), path], {
    cwd: root,
    // Its lines say when the last row was there.
    env: { ...environment, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C on the terminal is for us, who end it.
    detached: true,
  });
  const told: string[] = [];
  const at = { ready: NaN, loaded: NaN, statements: NaN };
  createInterface({ input: child.stderr }).on('line', (line) => {
    told.push(line);
    for (const name of ['ready', 'loaded', 'statements'] as const)
      if (line.includes(signs[name]) && !(name === 'ready' && at.ready >= 0)) at[name] = performance.now();
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const ended = closed.then((code) => {
    if (code !== 0) throw new Error(`npm start ended with ${code}: ${told.slice(-10).join('\n')}`);
    const unseen = Object.entries(at).find(([, time]) => Number.isNaN(time));
    if (unseen) throw new Error(`npm start did not say when it was so far: ${unseen[0]}.`);
    const seconds = (from: number, to: number): number => (to - from) / 1000;
    return {
      [embeddedSpans.ready]: seconds(since, at.ready),
      [embeddedSpans.loaded]: seconds(at.ready, at.loaded),
      [embeddedSpans.statements]: seconds(at.loaded, at.statements),
      [embeddedSpans.ended]: seconds(at.statements, performance.now()),
    };
  });
  return {
    ended,
    async stop() {
      child.kill('SIGTERM');
      const grace = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS);
      await closed.catch(() => {});
      clearTimeout(grace);
    },
  };
}
