import { apiPartsOf, startApi, type Api } from '@passbook/api';
import { aborted, type Logger } from '@passbook/runtime';
import { makeFailureHandler, onStopSignal } from '@passbook/service';
import type { Config } from './config.js';
import { openHouse, type House } from './open-house.js';

/**
 * `npm start`: watches imports/, serves the page, until it is told to stop.
 * @returns the exit code
 */
export async function runWatch(config: Config, log: Logger): Promise<number> {
  const stopping = new AbortController();
  const bugs: Error[] = [];
  const takeHandlersAway = onStopSignal(() => {
    say('Stopping. Nothing is lost; press Ctrl-C again to stop at once.');
    stopping.abort();
  });
  const onFailure = makeFailureHandler(log, (err) => {
    bugs.push(err);
    stopping.abort();
  });
  let house: House | undefined;
  let api: Api | undefined;
  try {
    const { signal } = stopping;
    house = await openHouse({ config, log, notify: say, onProgress: () => {}, onFailure, signal });
    api = await startApi({
      database: house.database,
      feeds: house.feeds,
      ...apiPartsOf(config),
      log: log.child({ service: 'api' }),
    });
    if (!stopping.signal.aborted) {
      house.chunker.watch();
      say(
        `Passbook watches ${config.IMPORTS_DIR} and shows what becomes of each file at ${api.url}. Ctrl-C stops it.`,
      );
    }
    await aborted(stopping.signal);
  } catch (err) {
    // Stopped while it waited for Kafka.
    if (!stopping.signal.aborted) throw err;
  } finally {
    await api?.stop();
    await house?.close();
    takeHandlersAway();
  }
  if (bugs[0]) throw bugs[0];
  return 0;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
