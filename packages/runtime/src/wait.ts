/** Waits, but not longer than until the signal aborts. Never throws. */
export function waitFor(delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/**
 * Waits for work, but not longer than until the signal aborts: the work goes on, and nobody looks at what comes of it.
 * @throws the reason of the signal, and what the work throws
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits for work that ends something, but not longer than so: what fails or hangs then is of no interest any more. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const settled = work.then(
    () => done.abort(),
    () => done.abort(),
  );
  await Promise.race([settled, waitFor(timeoutMs, done.signal)]);
}

/** The delay before the next try: doubles from 100 ms to 10 s, with up to half of it taken off at random, so that many do not knock at once. */
export function retryDelayMs(attempt: number): number {
  const full = Math.min(10_000, 100 * 2 ** Math.min(attempt, 10));
  return full * (0.5 + Math.random() / 2);
}
