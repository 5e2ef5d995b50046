import { expect, test } from '@jest/globals';
import { namePackage, summariseProfile } from './read-profiles.js';

test.each([
  ['file:///tree/packages/csv/dist/record-reader.js', 'packages/csv'],
  ['file:///tree/services/chunker/dist/main.js', 'services/chunker'],
  ['file:///tree/node_modules/kafkajs/src/index.js', 'kafkajs'],
  ['file:///tree/node_modules/a/node_modules/@scope/b/index.js', '@scope/b'],
  ['node:internal/fs', 'node'],
])('the code of %s belongs to %s', (url, name) => expect(namePackage(url)).toBe(name));

test('time belongs to the function at the top, and idle time to nobody', () => {
  const frame = (id: number, functionName: string, url: string) => ({
    id,
    callFrame: { functionName, url, lineNumber: id },
  });
  const { packages, functions } = summariseProfile({
    nodes: [
      frame(1, '(idle)', ''),
      frame(2, 'take', 'file:///tree/packages/csv/dist/a.js'),
      frame(3, 'put', 'file:///tree/packages/csv/dist/a.js'),
      frame(4, '(garbage collector)', ''),
    ],
    samples: [1, 2, 3, 2, 4],
    timeDeltas: [9e6, 1e6, 0.5e6, 1e6, 4e6],
  });
  expect(packages).toEqual([
    { name: 'garbage collector', seconds: 4 },
    { name: 'packages/csv', seconds: 2.5 },
  ]);
  expect(functions.map(({ name, seconds }) => [name, seconds])).toEqual([
    ['(garbage collector)', 4],
    ['take', 2],
    ['put', 0.5],
  ]);
});
