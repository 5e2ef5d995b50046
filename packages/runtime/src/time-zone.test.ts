import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeZoneClock } from './time-zone.js';

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Monrovia',
  'America/Sao_Paulo',
];

describe('toUtc', () => {
  test.each<[string, string, string, string | null]>([
    // zone, on the wall, in UTC, why
    ['UTC', '2021-01-01 07:03:21', '2021-01-01 07:03:21+00', null],
    ['America/New_York', '2021-01-01 07:03:21', '2021-01-01 12:03:21+00', 'winter'],
    ['America/New_York', '2021-07-01 07:03:21', '2021-07-01 11:03:21+00', 'summer'],
    ['America/New_York', '2020-12-31 23:30:00', '2021-01-01 04:30:00+00', 'into the next year'],
    ['America/New_York', '2021-03-14 01:59:59', '2021-03-14 06:59:59+00', 'the last second before the gap'],
    ['America/New_York', '2021-03-14 03:00:00', '2021-03-14 07:00:00+00', 'the first second after the gap'],
    ['America/New_York', '2021-11-07 00:59:59', '2021-11-07 04:59:59+00', 'before the hour that is twice'],
    ['America/New_York', '2021-11-07 01:00:00', '2021-11-07 05:00:00+00', 'twice: the first'],
    ['America/New_York', '2021-11-07 01:59:59', '2021-11-07 05:59:59+00', 'twice: the first'],
    ['America/New_York', '2021-11-07 02:00:00', '2021-11-07 07:00:00+00', 'after the hour that is twice'],
    [
      'America/New_York',
      '1883-11-18 12:00:00',
      '1883-11-18 16:56:02+00',
      'twice within 3 min 58 s: the first',
    ],
    [
      'America/New_York',
      '1883-11-18 12:03:57',
      '1883-11-18 16:59:59+00',
      'the last second of local mean time',
    ],
    ['America/New_York', '1883-11-18 12:03:58', '1883-11-18 17:03:58+00', 'the first second of railway time'],
    ['America/New_York', '1500-02-28 12:00:00', '1500-02-28 16:56:02+00', 'the Gregorian calendar, extended'],
    ['Europe/Berlin', '2021-03-28 01:59:59', '2021-03-28 00:59:59+00', 'before the gap'],
    ['Europe/Berlin', '2021-03-28 03:00:00', '2021-03-28 01:00:00+00', 'after the gap'],
    ['Europe/Berlin', '2021-10-31 02:30:00', '2021-10-31 00:30:00+00', 'twice: the first'],
    ['Europe/Berlin', '1893-03-31 23:00:00', '1893-03-31 22:06:32+00', 'an offset with seconds'],
    ['Asia/Kolkata', '2021-01-01 05:29:59', '2020-12-31 23:59:59+00', 'half an hour, into the last year'],
    ['Asia/Kolkata', '2021-01-01 05:30:00', '2021-01-01 00:00:00+00', 'half an hour'],
    [
      'Australia/Lord_Howe',
      '2021-04-04 01:29:59',
      '2021-04-03 14:29:59+00',
      'before the half hour that is twice',
    ],
    ['Australia/Lord_Howe', '2021-04-04 01:30:00', '2021-04-03 14:30:00+00', 'twice: the first'],
    ['Australia/Lord_Howe', '2021-04-04 02:00:00', '2021-04-03 15:30:00+00', 'after it'],
    ['Australia/Lord_Howe', '2021-10-03 02:30:00', '2021-10-02 15:30:00+00', 'after half an hour of gap'],
    ['Pacific/Apia', '2011-12-29 23:59:59', '2011-12-30 09:59:59+00', 'the day before the skipped day'],
    ['Pacific/Apia', '2011-12-31 00:00:00', '2011-12-30 10:00:00+00', 'a second later'],
    ['Africa/Monrovia', '1972-01-07 12:00:00', '1972-01-07 12:00:00+00', 'Liberia, just after'],
    [
      'Africa/Monrovia',
      '1972-01-06 12:00:00',
      '1972-01-06 12:44:30+00',
      'Liberia, just before 44 min 30 s were skipped',
    ],
  ])('%s %s is %s (%s)', (zone, local, utc) => {
    expect(makeZoneClock(zone).toUtc(local)).toBe(utc);
  });

  test.each<[string, string]>([
    ['America/New_York', '2021-03-14 02:00:00'],
    ['America/New_York', '2021-03-14 02:59:59.999999'],
    ['Europe/Berlin', '2021-03-28 02:30:00'],
    ['Australia/Lord_Howe', '2021-10-03 02:00:00'],
    ['Australia/Lord_Howe', '2021-10-03 02:29:59'],
    ['Pacific/Apia', '2011-12-30 00:00:00'],
    ['Pacific/Apia', '2011-12-30 23:59:59'],
    ['Africa/Monrovia', '1972-01-07 00:30:00'],
  ])('%s never showed %s', (zone, local) => {
    expect(makeZoneClock(zone).toUtc(local)).toBeNull();
  });

  test.each([
    '2021-02-29 00:00:00',
    '2021-02-30 00:00:00',
    '1900-02-29 00:00:00',
    '2021-04-31 00:00:00',
    '2021-12-32 00:00:00',
    '2021-01-00 00:00:00',
    '2021-00-01 00:00:00',
    '2021-13-01 00:00:00',
    '2021-01-01 24:00:00',
    '2021-01-01 23:60:00',
    '2021-01-01 23:59:60',
    '0000-01-01 00:00:00',
  ])('no calendar has %s', (local) => {
    for (const zone of ZONES) expect(makeZoneClock(zone).toUtc(local)).toBeNull();
  });

  test.each([
    ['2020-02-29 00:00:00', '2020-02-29 00:00:00+00'],
    ['2000-02-29 23:59:59', '2000-02-29 23:59:59+00'],
    ['0001-01-01 00:00:00', '0001-01-01 00:00:00+00'],
    ['0050-06-01 00:00:00', '0050-06-01 00:00:00+00'],
    ['9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00'],
  ])('the calendar has %s', (local, utc) => {
    expect(makeZoneClock('UTC').toUtc(local)).toBe(utc);
  });

  test('each of the hours of four years is remembered as itself', () => {
    const clock = makeZoneClock('Asia/Kolkata');
    const hours = Array.from(
      { length: 4 * 366 * 24 },
      (_, hour) => Date.UTC(2019, 0, 1) / 1000 + hour * 3_600,
    );
    const wrong = hours.filter((utc) => clock.toUtc(textOf(utc + 19_800)) !== `${textOf(utc)}+00`);
    expect(wrong.map(textOf)).toEqual([]);
  });

  test.each<[string, string, string | null]>([
    ['America/New_York', '0001-01-01 00:00:00', '0001-01-01 04:56:02+00'],
    ['Europe/Berlin', '0001-01-01 00:53:28', '0001-01-01 00:00:00+00'],
    ['Europe/Berlin', '0001-01-01 00:53:27', null],
    ['America/New_York', '9999-12-31 18:59:59', '9999-12-31 23:59:59+00'],
    ['America/New_York', '9999-12-31 19:00:00', null],
  ])('the years end in UTC: %s %s is %s', (zone, local, utc) => {
    expect(makeZoneClock(zone).toUtc(local)).toBe(utc);
  });

  test.each([
    ['.5', '.5'],
    ['.500000', '.5'],
    ['.000001', '.000001'],
    ['.123456', '.123456'],
    ['.100100', '.1001'],
    ['.0', ''],
    ['.000000', ''],
  ])('writes the fraction %s as Postgres does: "%s"', (given, canonical) => {
    expect(makeZoneClock('UTC').toUtc(`2021-01-01 07:00:20${given}`)).toBe(
      `2021-01-01 07:00:20${canonical}+00`,
    );
    expect(makeZoneClock('Asia/Kolkata').toUtc(`2021-01-01 07:00:20${given}`)).toBe(
      `2021-01-01 01:30:20${canonical}+00`,
    );
    expect(makeZoneClock('America/New_York').toUtc(`2021-11-07 01:00:20${given}`)).toBe(
      `2021-11-07 05:00:20${canonical}+00`,
    );
  });
});

describe('toLocal', () => {
  test.each([
    ['UTC', '2021-01-01T07:03:21Z', '2021-01-01 07:03:21'],
    ['UTC', '2021-01-01T07:03:21.987654Z', '2021-01-01 07:03:21'],
    ['America/New_York', '2021-01-01T04:59:59.999Z', '2020-12-31 23:59:59'],
    ['America/New_York', '2021-11-07T05:30:00Z', '2021-11-07 01:30:00'],
    ['America/New_York', '2021-11-07T06:30:00Z', '2021-11-07 01:30:00'],
    ['America/New_York', '1883-11-18T16:59:59Z', '1883-11-18 12:03:57'],
    ['America/New_York', '1883-11-18T17:00:00Z', '1883-11-18 12:00:00'],
    ['Asia/Kolkata', '2020-12-31T23:59:59Z', '2021-01-01 05:29:59'],
    ['Australia/Lord_Howe', '2021-10-02T15:29:59Z', '2021-10-03 01:59:59'],
    ['Australia/Lord_Howe', '2021-10-02T15:30:00Z', '2021-10-03 02:30:00'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31 00:00:00'],
    ['America/New_York', '0001-01-01T00:00:00Z', '0000-12-31 19:03:58'],
    ['Asia/Kolkata', '9999-12-31T23:59:59Z', '10000-01-01 05:29:59'],
  ])('a wall in %s shows %s as %s', (zone, utc, local) => {
    expect(makeZoneClock(zone).toLocal(utc)).toBe(local);
  });

  test.each(['2021-02-30T00:00:00Z', '2021-01-01T24:00:00Z', '0000-01-01T00:00:00Z'])('refuses %s', (utc) => {
    for (const zone of ZONES)
      expect(() => makeZoneClock(zone).toLocal(utc)).toThrow(/is not a time of the calendar/);
  });
});

describe('makeZoneClock', () => {
  test.each(['', 'Mars/Olympus', 'Europe/Atlantis', '+01:00', '-05:00', 'utc+1', 'Europe/Berlin '])(
    'refuses the zone %j with a sentence',
    (zone) => {
      expect(() => makeZoneClock(zone)).toThrow(RangeError);
      expect(() => makeZoneClock(zone)).toThrow(/is not a time zone of the IANA database/);
    },
  );

  test.each(['Etc/UTC', 'utc', 'GMT', 'Africa/Abidjan'])('%s and UTC agree', (zone) => {
    expect(makeZoneClock(zone).toUtc('2021-06-01 12:34:56.7')).toBe('2021-06-01 12:34:56.7+00');
    expect(makeZoneClock(zone).toLocal('2021-06-01T12:34:56.7Z')).toBe('2021-06-01 12:34:56');
  });
});

describe('for any moment since 1800', () => {
  const seconds = fc.integer({ min: Date.UTC(1800, 0, 1) / 1000, max: Date.UTC(2036, 11, 31) / 1000 });
  const zone = fc.constantFrom(...ZONES);
  const clocks = new Map(ZONES.map((name) => [name, makeZoneClock(name)]));
  const clockOf = (name: string) => clocks.get(name) ?? makeZoneClock(name);

  test('the wall shows what Intl shows', () => {
    fc.assert(
      fc.property(seconds, zone, (at, name) => {
        expect(clockOf(name).toLocal(`${textOf(at).replace(' ', 'T')}Z`)).toBe(shownByIntl(at, name));
      }),
      { numRuns: 3_000 },
    );
  });

  test('a time on the wall leads back to its moment, or to an earlier one with the same time on the wall', () => {
    fc.assert(
      fc.property(seconds, zone, (at, name) => {
        const local = shownByIntl(at, name);
        const utc = clockOf(name).toUtc(local) ?? 'refused a time that exists';
        const found = Date.parse(utc.replace(' ', 'T').replace('+00', 'Z')) / 1000;
        expect(shownByIntl(found, name)).toBe(local);
        expect(found).toBeLessThanOrEqual(at);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a clock that knows the hour answers like one that does not', () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 3_599 }), zone, (at, within, name) => {
        const clock = makeZoneClock(name);
        const hour = at - (((at % 3_600) + 3_600) % 3_600);
        clock.toUtc(textOf(hour));
        expect(clock.toUtc(textOf(hour + within))).toBe(makeZoneClock(name).toUtc(textOf(hour + within)));
      }),
      { numRuns: 500 },
    );
  });
});

function textOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function shownByIntl(seconds: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(seconds * 1000);
}
