import { describe, expect, test } from '@jest/globals';
import { makeZoneClock } from '@passbook/runtime';
import { findMonthStart, monthOf, startsOfMonths } from './month-start.js';
import { monthNo } from './transaction-row.js';

describe('findMonthStart', () => {
  test.each<[string, string, [number, number], string, string]>([
    [
      'UTC',
      '2021-01-31T23:59:59.999999Z',
      [2021, 1],
      '2021-01-01T00:00:00.000Z',
      'the last moment of a month',
    ],
    ['UTC', '2021-02-01T00:00:00Z', [2021, 2], '2021-02-01T00:00:00.000Z', 'the first moment of a month'],
    ['Europe/Berlin', '2021-01-31T23:30:00Z', [2021, 2], '2021-01-31T23:00:00.000Z', 'ahead of UTC'],
    ['America/New_York', '2021-02-01T04:59:59Z', [2021, 1], '2021-01-01T05:00:00.000Z', 'behind UTC'],
    [
      'America/St_Johns',
      '2009-11-15T00:00:00Z',
      [2009, 10],
      '2009-10-01T02:30:00.000Z',
      'set back into October',
    ],
    [
      'Pacific/Apia',
      '2011-12-31T12:00:00Z',
      [2012, 1],
      '2011-12-31T10:00:00.000Z',
      'two days after a day that was skipped',
    ],
  ])('%s at %s: %j from %s (%s)', (zone, moment, [year, month], startsAt) => {
    expect(findMonthStart(moment, makeZoneClock(zone))).toEqual({ month: monthNo(year, month), startsAt });
  });

  test('takes all that there is in the first month of the calendar', () => {
    expect(findMonthStart('0001-01-05T00:00:00Z', makeZoneClock('UTC'))).toEqual({
      month: 0,
      startsAt: '-infinity',
    });
  });
});

test('the months around a moment follow one another, and the moment is in one of them', () => {
  const clock = makeZoneClock('Europe/Berlin');
  const moment = '2021-12-31T23:30:00Z';
  const { firstMonth, starts } = startsOfMonths(moment, clock);
  expect(firstMonth).toBe(monthNo(2021, 12));
  expect(starts).toEqual([
    '2021-11-30 23:00:00+00',
    '2021-12-31 23:00:00+00',
    '2022-01-31 23:00:00+00',
    '2022-02-28 23:00:00+00',
  ]);
  expect(monthOf(moment, clock)).toBe(monthNo(2022, 1));
});
