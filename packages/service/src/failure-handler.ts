import type { Logger } from '@passbook/runtime';
import { classifyFailure } from './classify-failure.js';

/**
 * What a service that runs for long does with what failed: weather is a warning, what a user can mend is said once, a bug
 * ends the process.
 */
export function makeFailureHandler(log: Logger, onBug: (err: Error) => void): (err: unknown) => void {
  const told = new Set<string>();
  return (err) => {
    const failure = classifyFailure(err);
    if (failure.kind === 'bug') onBug(err instanceof Error ? err : new Error(String(err)));
    else if (failure.kind === 'weather') log.warn(failure.sentence);
    else if (!told.has(failure.sentence)) {
      told.add(failure.sentence);
      log.error(`${failure.sentence} It is tried again.`);
    }
  };
}
