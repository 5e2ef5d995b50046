import { describe, expect, test } from '@jest/globals';
import { median, medianOf, namesBelow, prefixValues, valuesOf, type Sample } from './samples.js';

describe('the median', () => {
  test.each<[number[], number | null]>([
    [[], null],
    [[3], 3],
    [[9, 1, 5], 5],
    [[10, 2, 4, 3], 3.5],
    [[100, 9, 20], 20],
  ])('of %j is %s', (values, expected) => expect(median(values)).toBe(expected));
});

const sample = (scene: string, round: number, values: Sample['values']): Sample => ({
  scene,
  round,
  load: 0,
  values,
});

test('values are those of one scene and name, in the order of the rounds', () => {
  const samples = [sample('a', 1, { x: 5 }), sample('b', 1, { x: 1 }), sample('a', 2, { x: 3, y: 2 })];
  expect(valuesOf(samples, 'a', 'x')).toEqual([5, 3]);
  expect(medianOf(samples, 'a', 'x')).toBe(4);
  expect(medianOf(samples, 'b', 'y')).toBeNull();
});

test('names of one kind are told apart from those of others', () => {
  const samples = [
    sample('a', 1, { x: 5, ...prefixValues('cpu', { chunker: 1, 'Postgres, connections': 2 }) }),
    sample('a', 2, prefixValues('cpu', { chunker: 1, Kafka: 3 })),
  ];
  expect(namesBelow(samples, 'a', 'cpu')).toEqual(['chunker', 'Postgres, connections', 'Kafka']);
});
