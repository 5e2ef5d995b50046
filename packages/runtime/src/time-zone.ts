/**
 * From the wall clock of a time zone to UTC and back, by the rules that Intl (that is, the IANA database) knows.
 *
 * A file says `2021-01-01 07:03:21` and means a clock on a wall. Each row of a file comes through here, and asking
 * Intl takes thousands of times longer than adding an offset. So Intl is asked once for each hour of the calendar:
 * where the first and the last second of an hour are moved by the same offset, all between are, and the hour is
 * remembered. An hour in which the clocks change is not: there, Intl is asked for each time.
 */

export interface ZoneClock {
  /**
   * `YYYY-MM-DD HH:MM:SS[.ffffff]` on a wall in the zone, as Postgres writes that moment in UTC:
   * `YYYY-MM-DD HH:MM:SS[.ffffff]+00`, the fraction without trailing zeros.
   * A time that the clocks show twice (in autumn) is the first of the two. Null is: a day or time that the calendar
   * does not have (2021-02-30, 24:00:00, a second 60), one that the clocks skip (in spring), and a moment outside
   * the years 1 to 9999, here or in UTC. The caller has checked the syntax.
   */
  toUtc: (local: string) => string | null;
  /**
   * `YYYY-MM-DDTHH:MM:SS[.ffffff]Z` as the wall clock shows it: `YYYY-MM-DD HH:MM:SS`, the fraction cut off.
   * (In the first and last hours of the years 1 to 9999, the wall can show the year 0000 or 10000.)
   * Throws a RangeError where the calendar does not have that time.
   */
  toLocal(utc: string): string;
}

/** About eleven years of hours, some 25 MB. When it is full it is emptied: a file stays within few years for long. */
const HOURS_REMEMBERED_MAX = 100_000;

/** The clock of an IANA time zone, such as `Europe/Berlin`. Throws a RangeError for a zone that is not known. */
export function makeZoneClock(zone: string): ZoneClock {
  const format = makeOffsetFormat(zone);
  if (NAMES_OF_UTC.has(zone) || NAMES_OF_UTC.has(format.resolvedOptions().timeZone)) return utcClock;

  const offsetAt = (utcSeconds: number): number => readOffset(format, utcSeconds);
  const toUtcSeconds = (localSeconds: number): number | null => firstMoment(offsetAt, localSeconds);
  const toLocalSeconds = (utcSeconds: number): number => utcSeconds + offsetAt(utcSeconds);
  const utcHours = new Map<number, HourMove | null>();
  const localHours = new Map<number, HourMove | null>();

  return {
    toUtc(local) {
      const hour = hourNumber(local);
      if (hour < 0) return null;
      const move = recall(utcHours, hour, () => findHourMove(local, toUtcSeconds));
      const utc = move === null ? textOf(toUtcSeconds(secondsOf(local))) : moveWithinHour(move, local);
      if (utc === null || utc.length !== SECONDS_END || utc.startsWith('0000')) return null;
      return withFraction(utc, local);
    },
    toLocal(utc) {
      const hour = hourNumber(utc);
      if (hour < 0) throw noSuchTime(utc);
      const move = recall(localHours, hour, () => findHourMove(utc, toLocalSeconds));
      return move === null ? textOf(toLocalSeconds(secondsOf(utc))) : moveWithinHour(move, utc);
    },
  };
}

const SECOND_MS = 1_000;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
/** Where the seconds end and a fraction may begin, in both forms of text. */
const SECONDS_END = 'YYYY-MM-DD HH:MM:SS'.length;
const HOUR_END = 'YYYY-MM-DD HH'.length;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const OFFSET_TEXT = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;
const NAMES_OF_UTC = new Set(['UTC', 'Etc/UTC']);

const utcClock: ZoneClock = {
  toUtc: (local) => (hourNumber(local) < 0 ? null : withFraction(local, local)),
  toLocal(utc) {
    if (hourNumber(utc) < 0) throw noSuchTime(utc);
    return `${utc.slice(0, 10)} ${utc.slice(11, SECONDS_END)}`;
  },
};

/** The hour of a time as an ordinal of its own (it is a key, so not consecutive), or -1 where there is no such time. */
function hourNumber(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  if (year === 0 || day === 0 || hour > 23) return -1;
  if (twoDigits(text, 14) > 59 || twoDigits(text, 17) > 59) return -1;
  // A month that does not exist has no days, so every day is too many for it.
  if (day > (DAYS_OF_MONTH[month - 1] ?? 0) && !(month === 2 && day === 29 && isLeapYear(year))) return -1;
  return ((year * 12 + month) * 31 + day) * 24 + hour;
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528; // 528: both digits count from '0', 48
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** How each time of one hour is moved: by whole hours to `first`, and `ahead` seconds further, which may reach `second`. */
interface HourMove {
  first: string;
  second: string;
  aheadSeconds: number;
}

/** The move that is right for each second of the hour of `text`; null where there is none, or where it takes more than one. */
function findHourMove(text: string, move: (seconds: number) => number | null): HourMove | null {
  const start = secondsOf(`${text.slice(0, HOUR_END)}:00:00`);
  const movedStart = move(start);
  const movedEnd = move(start + HOUR_SECONDS - 1);
  if (movedStart === null || movedEnd === null || movedEnd - movedStart !== HOUR_SECONDS - 1) return null;
  const aheadSeconds = ((movedStart % HOUR_SECONDS) + HOUR_SECONDS) % HOUR_SECONDS;
  return {
    first: hourText(movedStart - aheadSeconds),
    second: hourText(movedStart - aheadSeconds + HOUR_SECONDS),
    aheadSeconds,
  };
}

function moveWithinHour(move: HourMove, text: string): string {
  if (move.aheadSeconds === 0) return move.first + text.slice(HOUR_END, SECONDS_END);
  const moved = twoDigits(text, 14) * 60 + twoDigits(text, 17) + move.aheadSeconds;
  const hour = moved < HOUR_SECONDS ? move.first : move.second;
  const within = moved % HOUR_SECONDS;
  return `${hour}:${TWO_DIGITS[Math.floor(within / 60)]}:${TWO_DIGITS[within % 60]}`;
}

/** Numbers are the keys: a piece of the text as a key would keep the whole buffer it was cut from in memory. */
function recall(
  hours: Map<number, HourMove | null>,
  hour: number,
  find: () => HourMove | null,
): HourMove | null {
  const known = hours.get(hour);
  if (known !== undefined) return known;
  if (hours.size >= HOURS_REMEMBERED_MAX) hours.clear();
  const found = find();
  hours.set(hour, found);
  return found;
}

/**
 * The first moment, in seconds UTC, at which the clocks show `localSeconds`; null where they skip it.
 * Only the offsets of a day before and a day after can be in force: no zone is a day away from UTC, and none has
 * ever changed its offset twice within less than a week.
 */
function firstMoment(offsetAt: (utcSeconds: number) => number, localSeconds: number): number | null {
  const before = offsetAt(localSeconds - DAY_SECONDS);
  const after = offsetAt(localSeconds + DAY_SECONDS);
  const early = localSeconds - Math.max(before, after);
  const late = localSeconds - Math.min(before, after);
  if (offsetAt(early) === localSeconds - early) return early;
  return offsetAt(late) === localSeconds - late ? late : null;
}

function makeOffsetFormat(zone: string): Intl.DateTimeFormat {
  try {
    // Newer versions of Node also take an offset for a zone; with one of them only, a setting would mean two things.
    if (/^[+-]/.test(zone)) throw new RangeError('an offset is not a time zone');
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (err) {
    throw new RangeError(
      `${JSON.stringify(zone)} is not a time zone of the IANA database (such as Europe/Berlin).`,
      {
        cause: err,
      },
    );
  }
}

/** Seconds that the wall clock is ahead of UTC. Intl writes `1/1/1800, GMT-04:56:02`; for none `GMT+00:00` or `GMT`. */
function readOffset(format: Intl.DateTimeFormat, utcSeconds: number): number {
  const text = format.format(utcSeconds * SECOND_MS);
  const match = OFFSET_TEXT.exec(text);
  if (match === null)
    throw new Error(`Intl wrote an offset in a form not known here: ${JSON.stringify(text)}.`);
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match;
  const offset = Number(hours) * HOUR_SECONDS + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -offset : offset;
}

function secondsOf(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, SECONDS_END)}Z`) / SECOND_MS;
}

function textOf(seconds: number): string;
function textOf(seconds: number | null): string | null;
function textOf(seconds: number | null): string | null {
  if (seconds === null) return null;
  const iso = new Date(seconds * SECOND_MS).toISOString().replace(/^\+0/, ''); // +010000-01-01T...
  return iso.slice(0, iso.indexOf('.')).replace('T', ' ');
}

function hourText(seconds: number): string {
  return textOf(seconds).slice(0, -':00:00'.length);
}

/** Ends a moment in UTC with the fraction of `text` and the zone, the way Postgres does. */
function withFraction(utc: string, text: string): string {
  if (text.length === SECONDS_END) return `${utc}+00`;
  let end = text.length;
  while (text[end - 1] === '0') end--;
  if (text[end - 1] === '.') end--;
  return `${utc.slice(0, SECONDS_END)}${text.slice(SECONDS_END, end)}+00`;
}

function noSuchTime(utc: string): RangeError {
  return new RangeError(
    `${JSON.stringify(utc)} is not a time of the calendar (such as 2021-01-01T07:03:21Z).`,
  );
}
