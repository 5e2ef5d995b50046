import { describe, expect, test } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { statementCalendar } from './statement-calendar.js';

const plain = (text: string): string => text.replace(/[\u00a0\u2009\u202f]/g, ' ');

test.each([
  ['en-US', 'UTC', 'Jan 31, 2021', '11:30 PM'],
  ['de-DE', 'Europe/Berlin', '01.02.2021', '00:30'],
  ['en-GB', 'America/New_York', '31 Jan 2021', '18:30'],
  ['en-GB', 'Asia/Kathmandu', '1 Feb 2021', '05:15'],
  ['ja-JP', 'Asia/Tokyo', '2021/02/01', '8:30'],
  ['ar-EG', 'Africa/Cairo', '٠١\u200f/٠٢\u200f/٢٠٢١', '١:٣٠ ص'],
])('a moment in %s and %s is %s, %s', (locale, timeZone, day, time) => {
  const local = statementCalendar(locale, timeZone).dayAndTime('2021-01-31T23:30:00.999999Z');
  expect([plain(local.day), plain(local.time)]).toEqual([day, time]);
});

test('the clocks of summer and winter are those of their day', () => {
  const { dayAndTime } = statementCalendar('de-DE', 'Europe/Berlin');
  const time = (moment: string): string => dayAndTime(moment).time;
  expect(['2021-03-28T00:59:59Z', '2021-03-28T01:00:00Z'].map(time)).toEqual(['01:59', '03:00']);
  expect(['2021-10-31T00:30:00Z', '2021-10-31T01:30:00Z'].map(time)).toEqual(['02:30', '02:30']);
});

test.each([
  ['UTC', '2021-01'],
  ['America/New_York', '2021-01'],
  ['Asia/Kathmandu', '2021-02'],
])('a moment around midnight is in a month of its own time zone: in %s %s', (timeZone, month) => {
  expect(statementCalendar('en-US', timeZone).monthOf('2021-01-31T23:30:00Z')).toBe(month);
});

describe('a remembered day or time is what Intl says', () => {
  const from = Date.parse('1880-01-01T00:00:00Z') / 1000;
  const to = Date.parse('2035-01-01T00:00:00Z') / 1000;

  test.each([
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'America/New_York',
    'Africa/Monrovia',
    'Africa/Casablanca',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Kiritimati',
  ])('in %s, at any moment and around any change of the clocks', (timeZone) => {
    const calendar = statementCalendar('en-US', timeZone);
    const day = new Intl.DateTimeFormat('en-US', { timeZone, dateStyle: 'medium' });
    const time = new Intl.DateTimeFormat('en-US', { timeZone, timeStyle: 'short' });
    const month = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
    const expectSame = (seconds: number): void => {
      const moment = new Date(seconds * 1000).toISOString();
      expect({ month: calendar.monthOf(moment), ...calendar.dayAndTime(moment) }).toEqual({
        month: month.format(seconds * 1000),
        day: day.format(seconds * 1000),
        time: time.format(seconds * 1000),
      });
    };
    assert(property(integer({ min: from, max: to }), expectSame), { numRuns: 500 });
    for (const change of findChanges(timeZone, 2021)) {
      for (const away of [-90_000, -86_400, -3_600, -1, 0, 1, 3_599, 3_600, 86_399, 90_000])
        expectSame(change + away);
    }
  });

  test('also after more days than are remembered', () => {
    const { dayAndTime } = statementCalendar('en-GB', 'UTC');
    const first = '2021-01-31T23:30:00Z';
    expect(dayAndTime(first).day).toBe('31 Jan 2021');
    for (let at = 0; at < 10_001; at++) dayAndTime(new Date(at * 86_400_000).toISOString());
    expect(dayAndTime(first).day).toBe('31 Jan 2021');
  });
});

/** The moments, in seconds, at which the clocks of a zone change in a year. All of them are at a half or full hour. */
function findChanges(timeZone: string, year: number): number[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const changes: number[] = [];
  let offset: string | undefined;
  for (let second = Date.UTC(year, 0) / 1000; second < Date.UTC(year + 1, 0) / 1000; second += 1_800) {
    const now = format.format(second * 1000).split(', ')[1];
    if (offset !== undefined && now !== offset) changes.push(second);
    offset = now;
  }
  return changes;
}

test.each([
  ['en-US', 'January 2021', 'Jan', 'December 2020 – January 2021'],
  ['de-DE', 'Januar 2021', 'Jan', 'Dezember 2020 – Januar 2021'],
  ['en-GB', 'January 2021', 'Jan', 'December 2020 – January 2021'],
])('months in %s', (locale, month, shortMonth, period) => {
  // A zone far from UTC: a month is a month of the calendar, not a moment that could slip into the one before.
  const calendar = statementCalendar(locale, 'America/Los_Angeles');
  expect(calendar.month('2021-01')).toBe(month);
  expect(calendar.monthAndYear('2021-01')).toEqual({ month: shortMonth, year: '2021' });
  expect(plain(calendar.period('2020-12', '2021-01'))).toBe(period);
  expect(calendar.period('2021-01', '2021-01')).toBe(month);
});

test('the first and the last month that a file can have', () => {
  const { month, dayAndTime } = statementCalendar('en-US', 'UTC');
  expect([month('0001-01'), month('9999-12')]).toEqual(['January 1', 'December 9999']);
  expect(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map((moment) => dayAndTime(moment).day)).toEqual([
    'Jan 1, 1',
    'Dec 31, 9999',
  ]);
});

test('years are those of the Gregorian calendar, whatever the locale counts by', () => {
  const { month, dayAndTime } = statementCalendar('th-TH', 'UTC');
  expect([month('2021-01'), dayAndTime('2021-01-31T00:00:00Z').day].join()).toMatch(/2021.*2021/);
});

test('a time zone that is none is an error', () => {
  expect(() => statementCalendar('en-US', 'Europe/Atlantis')).toThrow(RangeError);
});
