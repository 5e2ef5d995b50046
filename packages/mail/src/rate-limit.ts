import { waitFor } from '@passbook/runtime';

/** Lets so many pass in a minute, at even distances. @returns waits for a turn; no longer than until the signal aborts */
export function makeRateLimit(perMinute: number): (signal: AbortSignal) => Promise<void> {
  const distanceMs = 60_000 / perMinute;
  let nextMs = 0;
  return async (signal) => {
    const now = performance.now();
    const turnMs = Math.max(now, nextMs);
    nextMs = turnMs + distanceMs;
    // Timers are whole milliseconds: what is less is made up for by the next.
    if (turnMs - now >= 1) await waitFor(turnMs - now, signal);
  };
}
