import { expect, test } from '@jest/globals';
import { findBreach } from './judge-load.js';

const guards = { maxShrinkPercent: 50, maxInvalidPercent: 25 };
const file = (rowsRead: number, rowsBad: number) => ({ scope: 'A', importId: 'id', rowsRead, rowsBad });

test.each([
  [file(100, 0), 100, undefined],
  [file(50, 0), 100, undefined],
  [file(49, 0), 100, 'SHRUNK'],
  [file(0, 0), 100, 'SHRUNK'],
  [file(0, 0), null, undefined],
  [file(0, 0), 0, undefined],
  [file(100, 25), 100, undefined],
  [file(100, 26), 100, 'TOO_MANY_INVALID'],
  [file(60, 15), 100, 'SHRUNK'],
  [file(1, 1), null, 'TOO_MANY_INVALID'],
])('%j after %s rows: %s', (given, rowsBefore, code) =>
  expect(findBreach(guards, given, rowsBefore)?.code).toBe(code),
);

test('a feed without guards takes any file', () => expect(findBreach({}, file(1, 1), 1_000)).toBeNull());
