/** What must be ended however a run ends: servers, services. The newest first. */
export interface Closers {
  add(close: () => Promise<unknown>): void;
  /** Ends all of it. Whoever calls it again waits for the same end. */
  closeAll(): Promise<void>;
}

export function makeClosers(): Closers {
  const closers: (() => Promise<unknown>)[] = [];
  let closed: Promise<void> | undefined;
  return {
    add: (close) => void closers.push(close),
    closeAll: () => (closed ??= closeEach(closers)),
  };
}

async function closeEach(closers: (() => Promise<unknown>)[]): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
}

/** Ends all that is left when the user ends the run. @returns takes the handlers away */
export function closeOnSignal(closers: Closers): () => void {
  const end = (): void => void closers.closeAll().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  };
}
