import { isIgnoredName } from '@passbook/chunker';
import { startApi, type Api } from '@passbook/api';
import { UserError, type Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { classifyFailure } from './failure.js';
import { openHouse } from './open-house.js';
import { onStopSignal } from './signals.js';

/** Addresses that only this machine reaches. */
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * `npm start`: watches imports/, serves the page, until it is told to stop.
 * @returns the exit code
 */
export async function runWatch(config: Config, log: Logger): Promise<number> {
  if (!loopback.test(config.HTTP_HOST) && config.API_AUTH !== 'none') {
    throw new UserError(
      `HTTP_HOST is ${config.HTTP_HOST}, an address that others reach. Say API_AUTH=none if anyone there may read all statements.`,
      { exitCode: 2 },
    );
  }
  const stopping = new AbortController();
  const bugs: Error[] = [];
  const takeHandlersAway = onStopSignal(() => {
    say('Stopping. Nothing is lost; press Ctrl-C again to stop at once.');
    stopping.abort();
  });
  const told = new Set<string>();
  const onFailure = (err: unknown): void => {
    const failure = classifyFailure(err);
    if (failure.kind === 'bug') {
      bugs.push(err instanceof Error ? err : new Error(String(err)));
      stopping.abort();
    } else if (failure.kind === 'weather') log.warn({ err }, failure.sentence);
    else if (!told.has(failure.sentence)) {
      told.add(failure.sentence);
      log.error(`${failure.sentence} It is tried again.`);
    }
  };
  const house = await openHouse({ config, log, notify: say, onProgress: () => {}, onFailure });
  let api: Api | undefined;
  try {
    api = await startApi({
      database: house.database,
      folders: {
        imports: config.IMPORTS_DIR,
        processed: config.PROCESSED_DIR,
        quarantine: config.QUARANTINE_DIR,
        reports: config.REPORTS_DIR,
      },
      isIgnored: isIgnoredName,
      host: config.HTTP_HOST,
      port: config.HTTP_PORT,
      log: log.child({ service: 'api' }),
    });
    if (!stopping.signal.aborted) {
      house.chunker.watch();
      say(
        `Passbook watches ${config.IMPORTS_DIR} and shows what becomes of each file at ${api.url}. Ctrl-C stops it.`,
      );
    }
    await aborted(stopping.signal);
  } finally {
    await api?.stop();
    await house.close();
    takeHandlersAway();
  }
  if (bugs[0]) throw bugs[0];
  return 0;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
