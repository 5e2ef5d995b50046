import { makeZoneClock, type ZoneClock } from '@passbook/runtime';

/** How months, days and times look to a reader in one locale and time zone. Each function is pure. */
export interface StatementCalendar {
  /** `2021-01` as `January 2021` */
  month: (month: string) => string;
  /** `2021-01` as `Jan` and `2021`, for where there is little room. */
  monthAndYear: (month: string) => { month: string; year: string };
  /** From the first month to the last, as `January – December 2021`. */
  period: (first: string, last: string) => string;
  /** The month of a moment (RFC 3339 in UTC) in the time zone, as `2021-01`. */
  monthOf: (moment: string) => string;
  /** The day of a moment in the time zone, and the time of that day to the minute. */
  dayAndTime: (moment: string) => { day: string; time: string };
  /** What the time of a day is in its first minute. */
  midnight: string;
}

/** Some 27 years of days and their months: about 3 MB. What is full is emptied. */
const DAYS_REMEMBERED_MAX = 10_000;
const MONTHS_REMEMBERED_MAX = 1_000;

// Locale and time zone are settings, so there is one calendar in a process, and a few in a test.
const calendarsByKey = new Map<string, StatementCalendar>();

/** The calendar of a locale and time zone; made once. Throws a RangeError where one of them is unknown. */
export function statementCalendar(locale: string, timeZone: string): StatementCalendar {
  const key = `${locale} ${timeZone}`;
  const known = calendarsByKey.get(key);
  if (known !== undefined) return known;
  const made = makeCalendar(locale, timeZone);
  calendarsByKey.set(key, made);
  return made;
}

/**
 * A statement has a day and a time for each row, and Intl takes longer for one of them than all the rest of the row
 * does. So the clock of the zone makes local text of a moment, and what Intl wrote is remembered.
 */
function makeCalendar(locale: string, timeZone: string): StatementCalendar {
  // What is local already is formatted as if it were UTC. Days are those of the Gregorian calendar, also where the
  // locale would count by another: the months of the table are, too.
  const asItIs = { calendar: 'gregory', timeZone: 'UTC' } as const;
  const month = new Intl.DateTimeFormat(locale, { ...asItIs, month: 'long', year: 'numeric' });
  const shortMonth = new Intl.DateTimeFormat(locale, { ...asItIs, month: 'short' });
  const year = new Intl.DateTimeFormat(locale, { ...asItIs, year: 'numeric' });
  const day = new Intl.DateTimeFormat(locale, { ...asItIs, dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { ...asItIs, timeStyle: 'short' });
  const periodOf = remembering(MONTHS_REMEMBERED_MAX, (months) => {
    const [first = '', last = ''] = months.split(' ');
    return month.formatRange(firstDay(first), firstDay(last));
  });
  return {
    month: remembering(MONTHS_REMEMBERED_MAX, (text) => month.format(firstDay(text))),
    monthAndYear: remembering(MONTHS_REMEMBERED_MAX, (text) => ({
      month: shortMonth.format(firstDay(text)),
      year: year.format(firstDay(text)),
    })),
    period: (first, last) => periodOf(`${first} ${last}`),
    midnight: time.format(0),
    ...readMoments(makeZoneClock(timeZone), day, time),
  };
}

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;
const MINUTES_OF_DAY = 1_440;
const DAY_SECONDS = 86_400;
const DAY_CHARS = 'YYYY-MM-DD'.length;
const MONTH_CHARS = 'YYYY-MM'.length;

interface LocalDay {
  month: string;
  day: string;
}

/** A day of UTC on the wall: the clock stands at a second of one day when it begins, and may come into the next. */
interface UtcDay {
  firstSecond: number;
  first: LocalDay;
  next: LocalDay;
}

function readMoments(
  clock: ZoneClock,
  day: Intl.DateTimeFormat,
  time: Intl.DateTimeFormat,
): Pick<StatementCalendar, 'monthOf' | 'dayAndTime'> {
  const minutes = new Array<string | undefined>(MINUTES_OF_DAY);
  const timeOf = (second: number): string => {
    const minute = Math.floor(second / MINUTE_SECONDS);
    return (minutes[minute] ??= time.format(minute * MINUTE_SECONDS * SECOND_MS));
  };
  const localDay = remembering(DAYS_REMEMBERED_MAX, (text) => ({
    month: text.slice(0, MONTH_CHARS),
    day: day.format(Date.parse(`${text}T00:00:00Z`)),
  }));
  const utcDays = new Map<number, UtcDay | null>();
  const utcDayOf = (moment: string): UtcDay | null => {
    const number = dayNumber(moment);
    const known = utcDays.get(number);
    if (known !== undefined) return known;
    const made = readUtcDay(clock, moment.slice(0, DAY_CHARS), localDay);
    return remember(utcDays, DAYS_REMEMBERED_MAX, number, made);
  };
  return {
    monthOf(moment) {
      const utcDay = utcDayOf(moment);
      if (utcDay === null) return clock.toLocal(moment).slice(0, MONTH_CHARS);
      const second = utcDay.firstSecond + secondOfDay(moment);
      return (second < DAY_SECONDS ? utcDay.first : utcDay.next).month;
    },
    dayAndTime(moment) {
      const utcDay = utcDayOf(moment);
      if (utcDay === null) {
        const local = clock.toLocal(moment);
        return { day: localDay(local.slice(0, DAY_CHARS)).day, time: timeOf(secondOfDay(local)) };
      }
      const second = utcDay.firstSecond + secondOfDay(moment);
      if (second < DAY_SECONDS) return { day: utcDay.first.day, time: timeOf(second) };
      return { day: utcDay.next.day, time: timeOf(second - DAY_SECONDS) };
    },
  };
}

/**
 * Null where the clocks change, or the wall shows a year that the calendar has not: there, each moment is asked for.
 * No zone has ever changed its offset twice within a day, so one that lasts as long on the wall is without a change.
 */
function readUtcDay(clock: ZoneClock, utc: string, localDay: (text: string) => LocalDay): UtcDay | null {
  const first = clock.toLocal(`${utc}T00:00:00Z`);
  const last = clock.toLocal(`${utc}T23:59:59Z`);
  if (secondsOf(last) - secondsOf(first) !== DAY_SECONDS - 1) return null;
  return {
    firstSecond: secondOfDay(first),
    first: localDay(first.slice(0, DAY_CHARS)),
    next: localDay(last.slice(0, DAY_CHARS)),
  };
}

/** Of a time on the wall; NaN in the year 10000. */
function secondsOf(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}Z`) / SECOND_MS;
}

/** An ordinal of the day of a time; it is a key, so not consecutive. */
function dayNumber(text: string): number {
  return (
    ((twoDigits(text, 0) * 100 + twoDigits(text, 2)) * 12 + twoDigits(text, 5)) * 31 + twoDigits(text, 8)
  );
}

function secondOfDay(text: string): number {
  return (twoDigits(text, 11) * 60 + twoDigits(text, 14)) * 60 + twoDigits(text, 17);
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528; // 528: both digits count from '0', 48
}

function remembering<Made>(entriesMax: number, make: (text: string) => Made): (text: string) => Made {
  const remembered = new Map<string, Made>();
  return (text) => remembered.get(text) ?? remember(remembered, entriesMax, text, make(text));
}

function remember<Key, Made>(remembered: Map<Key, Made>, entriesMax: number, key: Key, made: Made): Made {
  if (remembered.size >= entriesMax) remembered.clear();
  remembered.set(key, made);
  return made;
}

function firstDay(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`);
}
