import type { Machine } from './machine.js';
import type { CaseName } from './options.js';
import type { ProfileSummary } from './read-profiles.js';
import type { Sample } from './samples.js';

/** All that a run has found out so far. */
export interface Report {
  machine: Machine;
  rows: number;
  runs: number;
  only: readonly CaseName[];
  samples: Sample[];
  profiles: ProfileSummary[];
  /** What could not be measured, and why. */
  failures: string[];
}
