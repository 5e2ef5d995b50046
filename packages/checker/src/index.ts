export { checkRun } from './check-run.js';
export type { CheckInput, DroppedFile, Figures, Verdict } from './check-input.js';
