import { expect, test } from '@jest/globals';
import { idOfText, makeContentIds } from './row-identity.js';

test('an id that is a UUID stays, any other has always the same', () => {
  expect(idOfText('9EEDCCFE-83FA-4166-B8AD-9B72B0E5F1DF')).toBe('9eedccfe-83fa-4166-b8ad-9b72b0e5f1df');
  expect(idOfText('0')).toBe('36ad9c1f-d599-5daa-9100-6296d7446005');
  expect(idOfText('1')).not.toBe(idOfText('0'));
});

test('twins have different ids, and the same in each reading', () => {
  const read = (): string[] => {
    const idOf = makeContentIds();
    return ['coffee', 'tea', 'coffee', 'coffee'].map((cell) => idOf(['account', cell]));
  };
  expect(new Set(read()).size).toBe(4);
  expect(read()).toEqual(read());
});

test('blanks are no difference, what stands in which cell is', () => {
  const idOf = (cells: string[]): string => makeContentIds()(cells);
  expect(idOf(['a', ' two  words '])).toBe(idOf(['a', 'two words']));
  expect(idOf(['a', 'b'])).not.toBe(idOf(['a b', '']));
  expect(idOf(['a', 'b'])).not.toBe(idOf(['b', 'a']));
});

test('the k-th of equal rows is the k-th also among very many rows', () => {
  const idOf = makeContentIds();
  const seen = new Set<string>();
  for (let at = 0; at < 60_000; at++) seen.add(idOf(['account', String(at % 20_000)]));
  expect(seen.size).toBe(60_000);
  const again = makeContentIds();
  const others = Array.from({ length: 20_000 }, (_, at) => again(['account', String(at)])).filter(
    (id) => !seen.has(id),
  );
  expect(others).toEqual([]);
});
