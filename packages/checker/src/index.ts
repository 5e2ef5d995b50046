export { checkRun } from './check-run.js';
export type { CheckInput, DroppedFile, Figures, Verdict } from './check-input.js';
export { isHeader, makeRowJudge, type GoodRow } from './judge-row.js';
export { readRecords, type FileRecord } from './read-records.js';
