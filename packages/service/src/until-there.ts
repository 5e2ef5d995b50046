import { retryDelayMs, unlessAborted, waitFor, type Logger } from '@passbook/runtime';

/** One line at first, and then one in so long, or when the reason is another. */
const TELL_EVERY_MS = 30_000;

/**
 * Tries until what is needed is there, and says what it waits for.
 * @throws what is not weather, and the reason of the signal
 */
export async function untilThere<T>(
  what: string,
  task: () => Promise<T>,
  options: {
    isWeather: (err: unknown) => boolean;
    explain: (err: unknown) => string;
    log: Logger;
    signal: AbortSignal;
  },
): Promise<T> {
  const { log, signal } = options;
  let told = { reason: '', atMs: -Infinity };
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      const result = await unlessAborted(task(), signal);
      if (attempt > 0) log.info(`${what} is there`);
      return result;
    } catch (err) {
      signal.throwIfAborted();
      if (!options.isWeather(err)) throw err;
      const reason = options.explain(err);
      if (reason !== told.reason || performance.now() - told.atMs > TELL_EVERY_MS) {
        told = { reason, atMs: performance.now() };
        log.warn(`waiting for ${what}: ${reason}`);
      }
    }
    await waitFor(retryDelayMs(attempt), signal);
  }
}
