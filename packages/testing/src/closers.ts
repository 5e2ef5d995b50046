/** What must be ended however a run ends: servers, services. The newest first. */
export interface Closers {
  add(close: () => Promise<unknown>): void;
  /**
   * Ends all of it. Whoever calls it again waits for the same end.
   * @throws the first error, when the others are ended nevertheless
   */
  closeAll(): Promise<void>;
  /** Whether the end has begun: what fails from then on fails because of it. */
  isClosing(): boolean;
}

export function makeClosers(): Closers {
  const closers: (() => Promise<unknown>)[] = [];
  let closed: Promise<void> | undefined;
  return {
    add: (close) => void closers.push(close),
    closeAll: () => (closed ??= closeEach(closers)),
    isClosing: () => closed !== undefined,
  };
}

async function closeEach(closers: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = closers.pop(); close; close = closers.pop()) {
    try {
      await close();
    } catch (err) {
      failures.push(err);
    }
  }
  if (failures.length > 0) throw failures[0];
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ends all that is left when the user ends the run. Further signals change nothing: npm passes on the Ctrl-C that the
 * terminal has sent already, and half an end would leave servers behind.
 * @returns takes the handlers away
 */
export function closeOnSignal(closers: Closers): () => void {
  const end = (): void => void closers.closeAll().finally(() => process.exit(130));
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}
