const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** How long the parts of an attempt may take, in milliseconds. RFC 5321, 4.5.3.2 says what servers may need. */
export interface AttemptLimits {
  /** From the look at the name until the server is ready, TLS included. */
  connectMs: number;
  /** Of silence: the answer to the final dot may take ten minutes. */
  silenceMs: number;
  /** From the stored `sending` to the first byte of the mail. */
  beforeDataMs: number;
  /** From the stored `sending` to the answer to the final dot. Then the connection is closed. */
  wholeMs: number;
}

/** All of it ends within 30 minutes (`beginAttempt`): until then nobody else sends the same mail by itself. */
export const attemptLimits: AttemptLimits = {
  connectMs: 2 * MINUTE,
  silenceMs: 10 * MINUTE,
  beforeDataMs: 10 * MINUTE,
  wholeMs: 25 * MINUTE,
};

/**
 * Milliseconds since it was made, by the clock that runs faster. The monotonic one stands still while the machine sleeps, the
 * other one can be set back.
 */
export function startStopwatch(): () => number {
  const [startMs, startWallMs] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - startMs, Date.now() - startWallMs);
}
