import { goals, type Goal, type Look } from './goals.js';
import { spans } from './measure-import.js';
import type { CaseName } from './options.js';
import { medianOf, type Sample } from './samples.js';

/** What is to be reached, and what was. */
export interface Result extends Required<Omit<Goal, 'measure'>> {
  /** Null: it was not measured. */
  measured: number | null;
  /** The same without the wait until a file is taken; null where there is no such wait. It does not count. */
  withoutWait: number | null;
  isReached: boolean | null;
}

/** Every goal of the cases, with what the medians say of it. */
export function judge(samples: readonly Sample[], cases: readonly CaseName[]): Result[] {
  return goals
    .filter((goal) => cases.includes(goal.case))
    .map(({ measure, isAtLeast = false, unit = 'ratio', ...goal }) => {
      const look: Look = (scene, name) => medianOf(samples, scene, name);
      const measured = measure(look, spans.loaded);
      const withoutWait = measure(look, spans.loadedSinceTaken);
      const isReached =
        measured === null ? null : isAtLeast ? measured >= goal.limit : measured <= goal.limit;
      return {
        ...goal,
        measured,
        withoutWait: withoutWait === measured ? null : withoutWait,
        isAtLeast,
        unit,
        isReached,
      };
    });
}
