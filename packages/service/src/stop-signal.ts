/** npm passes a Ctrl-C on that the terminal has sent already: so soon after the first, it is the same one. */
const SAME_SIGNAL_MS = 300;

/** By the rule of shells: 128 and the number of SIGINT. */
export const INTERRUPTED = 130;

/**
 * Calls `onStop` at the first SIGINT or SIGTERM. At the second the process ends at once: every step is safe to be killed in.
 * @returns takes the handlers away
 */
export function onStopSignal(onStop: () => void): () => void {
  let firstAtMs: number | null = null;
  const handle = (): void => {
    if (firstAtMs === null) {
      firstAtMs = performance.now();
      onStop();
    } else if (performance.now() - firstAtMs > SAME_SIGNAL_MS) {
      process.exit(INTERRUPTED);
    }
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
