import { describe, expect, test } from '@jest/globals';
import { makeZoneClock } from '@passbook/runtime';
import { readEndOfDay, readMoment, writeLocal } from './read-moment.js';

const utc = makeZoneClock('UTC');
const berlin = makeZoneClock('Europe/Berlin');

describe('a moment', () => {
  test.each([
    ['2023-01-30T00:00:00.00000000', '2023-01-30T00:00:00Z'],
    ['2023-01-30T00:00:00.12345678', '2023-01-30T00:00:00.123456Z'],
    ['2023-01-30T00:00:00.5', '2023-01-30T00:00:00.500000Z'],
    ['2023-01-30 01:02:03', '2023-01-30T01:02:03Z'],
    ['2023-01-30T01:02', '2023-01-30T01:02:00Z'],
    ['2023-01-30T01:02:03Z', '2023-01-30T01:02:03Z'],
    ['2023-01-30T01:02:03.25+03:00', '2023-01-29T22:02:03.250000Z'],
    ['2023-01-30T01:02:03 03:00', '2023-01-29T22:02:03Z'],
    ['2023-01-30T01:02:03-03:30', '2023-01-30T04:32:03Z'],
    ['2023-02-30T00:00:00', null],
    ['2023-01-30T24:00:00', null],
    ['2023-01-30T23:59:60Z', null],
    ['2023-01-30', null],
    ['0001-01-01T00:00:00+03:00', null],
    ['2023-01-30T00:00:00.1234567890', null],
    ['２０２３-01-30T00:00:00', null],
    ['', null],
  ])('%s is %s', (text, moment) => {
    expect(readMoment(text, utc)).toBe(moment);
  });

  test('without a zone is read on the wall of the installation', () => {
    expect(readMoment('2023-07-01T00:00:00', berlin)).toBe('2023-06-30T22:00:00Z');
    expect(readMoment('2023-07-01T00:00:00Z', berlin)).toBe('2023-07-01T00:00:00Z');
    // The clocks skip it.
    expect(readMoment('2023-03-26T02:30:00', berlin)).toBeNull();
  });

  test('is shown on the same wall', () => {
    for (const text of ['2023-07-01T00:00:00', '2023-01-01T12:00:00.250000'])
      expect(writeLocal(readMoment(text, berlin)!, berlin)).toBe(text);
  });
});

describe('the end of a day', () => {
  test.each([
    ['UTC', '2023-01-30', '2023-01-30T23:59:59.999999Z'],
    ['UTC', '2024-02-29', '2024-02-29T23:59:59.999999Z'],
    ['Europe/Berlin', '2023-03-26', '2023-03-26T21:59:59.999999Z'],
    ['Europe/Berlin', '2023-10-29', '2023-10-29T22:59:59.999999Z'],
    // The clocks were set forward at midnight.
    ['America/Santiago', '2023-09-02', '2023-09-03T03:59:59.999999Z'],
    // The 30th was skipped.
    ['Pacific/Apia', '2011-12-29', '2011-12-30T09:59:59.999999Z'],
    ['UTC', '2023-02-29', null],
    ['UTC', 'today', null],
  ])('in %s of %s is %s', (zone, day, end) => {
    expect(readEndOfDay(day, makeZoneClock(zone))).toBe(end);
  });
});
