import { expect, test } from '@jest/globals';
import { parseProcessTimes } from './read-process.js';

test('the times of a process are read whatever its program is called', () => {
  const line = `4711 (a (strange) name) S 17 4711 4711 0 -1 4194560 1 2 3 4 250 50 1000 1 20 0 11 0 99 0`;
  expect(parseProcessTimes(line)).toEqual({ parent: 17, ownS: 3, endedChildrenS: 10.01 });
});
