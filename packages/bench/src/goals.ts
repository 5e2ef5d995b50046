import type { CaseName } from './options.js';
import { medianOf, type Sample } from './samples.js';

/** What is to be reached, and what was. */
export interface Result {
  case: CaseName;
  claim: string;
  /** Null: it was not measured. */
  measured: number | null;
  limit: number;
  /** How the figure is compared, and what it is. */
  isAtLeast: boolean;
  unit: 'ratio' | 's';
  isReached: boolean | null;
}

type Look = (scene: string, name: string) => number | null;

interface Goal {
  case: CaseName;
  claim: string;
  limit: number;
  isAtLeast?: boolean;
  unit?: 'ratio' | 's';
  measure: (look: Look) => number | null;
}

const goals: readonly Goal[] = [
  {
    case: 'a',
    claim: "drop → last row committed, of the DBA's time",
    limit: 0.5,
    measure: (look) => divide(look('shuffled', 'loaded'), look('yardstick', 'seconds')),
  },
  {
    case: 'b',
    claim: "from there → last statement written, of the DBA's time",
    limit: 1 / 3,
    measure: (look) =>
      divide(
        subtract(look('shuffled', 'reported'), look('shuffled', 'loaded')),
        look('yardstick', 'seconds'),
      ),
  },
  {
    case: 'processors',
    claim: 'rows a second of three processors, of those of one',
    limit: 0.9,
    isAtLeast: true,
    measure: (look) => divide(look('shuffled', 'loaded'), look('three processors', 'loaded')),
  },
];

/** Every goal of the cases, with what the medians say of it. */
export function judge(samples: readonly Sample[], cases: readonly CaseName[]): Result[] {
  const look: Look = (scene, name) => medianOf(samples, scene, name);
  return goals
    .filter((goal) => cases.includes(goal.case))
    .map(({ measure, isAtLeast = false, unit = 'ratio', ...goal }) => {
      const measured = measure(look);
      const isReached =
        measured === null ? null : isAtLeast ? measured >= goal.limit : measured <= goal.limit;
      return { ...goal, measured, isAtLeast, unit, isReached };
    });
}

function divide(one: number | null, other: number | null): number | null {
  return one === null || other === null || other === 0 ? null : one / other;
}

function subtract(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one - other;
}
