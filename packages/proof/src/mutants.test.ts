import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { faults } from './faults.js';
import { mutants } from './mutants.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  'the code that the mutant "%s" changes is still there, once',
  (_name, { changes }) => {
    for (const { file, from } of changes)
      expect([file, readFileSync(join(root, file), 'utf8').split(from).length - 1]).toEqual([file, 1]);
  },
);

test('mutants meet faults that there are', () => {
  const names = mutants.flatMap((mutant) => mutant.faults);
  expect(names.filter((name) => !(name in faults))).toEqual([]);
});
