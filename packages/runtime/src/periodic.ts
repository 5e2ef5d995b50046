import type { Logger } from './log.js';

export interface Periodic {
  /** Runs the task now, or once more if it is running. */
  wake(): void;
  /** Resolves when the task is not running and will not run again. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Runs a task at once and then every `everyMs`, never twice at the same time.
 * A task that fails is told to `onFailure` and tried again at the next turn: use it for work that the next turn finds again.
 */
export function startPeriodic(
  task: (signal: AbortSignal) => Promise<void>,
  options: { everyMs: number; onFailure: (err: unknown) => void },
): Periodic {
  const stopped = new AbortController();
  let woken = false;
  let wakeUp = (): void => {};
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, woken || stopped.signal.aborted ? 0 : options.everyMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      woken = false;
      try {
        await task(stopped.signal);
      } catch (err) {
        options.onFailure(err);
      }
      await pause();
    }
  };
  const finished = run();
  return {
    wake: () => {
      woken = true;
      wakeUp();
    },
    stop: () => {
      stopped.abort();
      wakeUp();
      return finished;
    },
  };
}

/** The usual `onFailure`: one warning with the reason. */
export function warnOf(log: Logger, what: string): (err: unknown) => void {
  return (err) => log.warn({ err }, what);
}
