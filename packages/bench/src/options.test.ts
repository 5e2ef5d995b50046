import { describe, expect, test } from '@jest/globals';
import { caseNames, readOptions } from './options.js';

const read = (...args: string[]) => readOptions(args, { root: '/tree', standsIn: '/home' });

describe('options', () => {
  test('have defaults: a million rows, three runs, all cases, a folder of the tree', () => {
    expect(read()).toEqual({
      rows: 1_000_000,
      runs: 3,
      only: caseNames,
      out: '/tree/.bench',
      profile: false,
      root: '/tree',
    });
  });

  test('take a folder from where the user stands', () =>
    expect(read('--out', 'here', '--only', 'a,processors')).toMatchObject({
      out: '/home/here',
      only: ['a', 'processors'],
    }));

  test.each([
    [['--speed', '9'], "Unknown option '--speed'"],
    [['--rows', 'many'], '--rows must be a number'],
    [['--rows', '12345'], '--rows must be a multiple of 1000'],
    [['--runs', '0'], '--runs must be a number'],
    [['--only', 'a,z'], '--only names a case z'],
    [['a'], "Unexpected argument 'a'"],
  ])('%j are refused in one sentence, with exit code 2', (args, sentence) => {
    const refused = expect(() => read(...args));
    refused.toThrow(expect.objectContaining({ exitCode: 2 }));
    refused.toThrow(sentence);
    refused.toThrow(/^[^\n]*\)\.$/);
  });
});
