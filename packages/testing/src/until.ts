/** A machine with other work is ten times as slow: a deadline ends what would never end, and says nothing of speed. */
const DEADLINE_MS = 120_000;

/**
 * Waits for a condition, never for a time.
 * @returns what the condition gave when it was neither false, null nor undefined
 * @throws when the deadline passes first
 */
export async function until<T>(
  claim: string,
  condition: () => T | Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined)
      return value as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${claim}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
