import { expect, test } from '@jest/globals';
import { makeTimeWriter } from './time-writer.js';

const SECONDS = Array.from({ length: 86_400 }, (_, second) => second);

/** With halves of the day and without, before and behind; other digits, two code units long; a word for the time of day. */
test.each([
  'en-US',
  'de-DE',
  'ko-KR',
  'zh-TW',
  'ar-EG',
  'my-MM',
  'ff-Adlm',
  'en-u-nu-mathsanb',
  'bg-BG',
  'he-IL',
])('in %s each second of a day is what Intl writes', (locale) => {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', timeStyle: 'medium' });
  const write = makeTimeWriter(format);
  expect(SECONDS.filter((second) => write(second) !== format.format(second * 1000))).toEqual([]);
});

test('a minute that is not written like the others is left to Intl', () => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', timeStyle: 'medium' });
  const withNoon = {
    format: (moment: number) => (moment === 43_200_000 ? 'noon' : format.format(moment)),
  } as Intl.DateTimeFormat;
  const write = makeTimeWriter(withNoon);
  expect(SECONDS.filter((second) => write(second) !== withNoon.format(second * 1000))).toEqual([]);
  expect(write(43_200)).toBe('noon');
});
