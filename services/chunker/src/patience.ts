/** The longest pause before what failed is tried again. */
const PAUSE_MAX_MS = 5 * 60_000;

/** What failed is tried again after ever longer pauses: each try may cost much, and is told. */
export interface Patience<Key> {
  /** @returns how long to wait, in ms: twice as long as the last time */
  fail(key: Key): number;
  /** Whether it failed a short while ago. */
  isTried(key: Key): boolean;
  forget(key: Key): void;
}

/** @param pauseMs the first pause */
export function makePatience<Key>(pauseMs: number): Patience<Key> {
  const failed = new Map<Key, { pauseMs: number; untilMs: number }>();
  return {
    isTried: (key) => (failed.get(key)?.untilMs ?? 0) > performance.now(),
    fail(key) {
      const next = Math.min(PAUSE_MAX_MS, (failed.get(key)?.pauseMs ?? pauseMs / 2) * 2);
      failed.set(key, { pauseMs: next, untilMs: performance.now() + next });
      return next;
    },
    forget: (key) => void failed.delete(key),
  };
}
