import { expect, test } from '@jest/globals';
import { goals } from './goals.js';
import { judge } from './judge.js';
import { spans } from './measure-import.js';
import { smallSpans } from './measure-small-file.js';
import type { Sample } from './samples.js';
import { scenes } from './scenes.js';

const sample = (scene: string, values: Sample['values']): Sample => ({ scene, round: 1, load: 0, values });

/** One import that took so long after a wait of a second. */
const imported = (scene: string, seconds: number): Sample =>
  sample(scene, {
    [spans.loaded]: seconds + 1,
    [spans.loadedSinceTaken]: seconds,
    'peak.chunker': 100 * seconds,
  });

test('a ratio counts with the wait until a file is taken, and is shown without it', () => {
  const samples = [sample('yardstick', { psql: 10 }), imported('shuffled', 4)];
  const [a] = judge(samples, ['a']);
  expect(a).toMatchObject({ case: 'a', measured: 0.5, withoutWait: 0.4, limit: 0.5, isReached: true });
});

test('the middle of all rounds counts', () => {
  const samples = [4, 40, 5].map((seconds) => imported('shuffled', seconds));
  const [a] = judge([...samples, sample('yardstick', { psql: 10 })], ['a']);
  expect(a).toMatchObject({ measured: 0.6, isReached: false });
});

test('more rows a second are better, a longer time is worse', () => {
  const three = (seconds: number) =>
    judge([imported('shuffled', 9), imported('three processors', seconds)], ['processors'])[0];
  expect(three(9)).toMatchObject({ measured: 1, isReached: true });
  expect(three(19)).toMatchObject({ measured: 0.5, isReached: false });
});

test('memory is flat when no size needs much more than another', () => {
  const sizes = (small: number, middle: number, large: number) =>
    judge(
      [imported('0.3 × the rows', small), imported('shuffled', middle), imported('3 × the rows', large)],
      ['d'],
    )[0];
  expect(sizes(10, 11, 12)).toMatchObject({ measured: 1.2, isReached: true });
  expect(sizes(12, 15, 11)!.isReached).toBe(false);
});

test('a small file is judged beside a large one only if that was still being loaded', () => {
  const small = (left: number) =>
    judge([sample('one row', { [smallSpans.beside]: 3, [smallSpans.left]: left })], ['e'])[1];
  expect(small(2)).toMatchObject({ measured: 3, isReached: true });
  expect(small(0.01)).toMatchObject({ measured: null, isReached: null });
});

test('what was not measured is neither reached nor missed', () => {
  const results = judge([imported('shuffled', 4)], ['a', 'd', 'e', 'f']);
  expect(results.map(({ measured }) => measured)).toEqual(results.map(() => null));
  expect(results.map(({ isReached }) => isReached)).toEqual(results.map(() => null));
});

test.each(goals)('what is looked at for "$claim" is played for its case', ({ case: name, measure }) => {
  const seen = new Set<string>();
  measure((scene) => (seen.add(scene), 1), spans.loaded);
  for (const one of seen) expect(scenes.find((scene) => scene.name === one)?.cases).toContain(name);
});
