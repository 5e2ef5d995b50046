import { expect, test } from '@jest/globals';
import { readSettings, type RejectThreshold } from '@passbook/runtime';
import { judgeRejects } from './count-rejects.js';

const judge = (text: string, rowsBad: number, rowsRead: number): boolean => {
  const threshold: RejectThreshold = readSettings({ REJECT_THRESHOLD: text }, [
    'REJECT_THRESHOLD',
  ]).REJECT_THRESHOLD!;
  const rejects = { rowsRead, rowsBad, codes: new Map([['EMAIL', rowsBad]]), firstLines: [2] };
  return judgeRejects(rejects, threshold) !== null;
};

test.each([
  ['0', 0, 10, false],
  ['0', 1, 10, true],
  ['100', 100, 100, false],
  ['100', 101, 1_000_000, true],
  ['2.5%', 25, 1000, false],
  ['2.5%', 26, 1000, true],
  ['0.001%', 1, 100_000, false],
  ['0.001%', 1, 99_999, true],
  ['100%', 10, 10, false],
  ['0%', 0, 0, false],
])('REJECT_THRESHOLD=%s with %i of %i rows bad refuses the file: %s', (text, bad, rows, isRefused) => {
  expect(judge(text, bad, rows)).toBe(isRefused);
});
