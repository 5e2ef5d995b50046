import { makeZoneClock, type ZoneClock } from '@passbook/runtime';
import { bodyFault } from './problem.js';

/*
 * Moments as callers write them, to text in RFC 3339, UTC, with up to six decimals of a second: what Postgres keeps. What is
 * finer is cut off, so that a moment includes what happened up to it and nothing after it.
 */

const moment = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/i;
const utcClock = makeZoneClock('UTC');

/**
 * `2023-01-30T00:00:00.00000000`, with `Z`, with an offset such as `+03:00`, or without: then it is read in the zone of the
 * clock. Null where it is no moment.
 */
export function readMoment(text: string, clock: ZoneClock): string | null {
  // In a query a + that is not written as %2B arrives as a blank.
  const match = moment.exec(
    text.replace(/ (\d\d:\d\d)$/, (end, offset: string) =>
      /[T ]\d\d:\d\d/.test(text.slice(0, -end.length)) ? `+${offset}` : end,
    ),
  );
  if (!match) return null;
  const [, day, time, fraction = '', zone] = match;
  const local = `${day} ${time!.length === 5 ? `${time}:00` : time}`;
  const utc = (zone === undefined ? clock : utcClock).toUtc(local);
  if (utc === null) return null;
  const seconds = Date.parse(`${utc.slice(0, 10)}T${utc.slice(11, 19)}Z`) / 1000 - offsetSeconds(zone);
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  const year = new Date(seconds * 1000).getUTCFullYear();
  return year < 1 || year > 9999 ? null : writeUtc(seconds, micros);
}

/**
 * The last microsecond of a day (`2023-01-30`) in the zone of the clock; null where it is no day.
 * A day that a zone has skipped ends with the one before.
 */
export function readEndOfDay(day: string, clock: ZoneClock): string | null {
  if (utcClock.toUtc(`${day} 00:00:00`) === null || day.startsWith('9999')) return null;
  const next = Date.parse(`${day}T00:00:00Z`) / 1000 + DAY_SECONDS;
  // Where the clocks are set forward at midnight, the next day begins with a later quarter of an hour.
  for (let at = next; at < next + 2 * DAY_SECONDS; at += QUARTER_SECONDS) {
    const start = clock.toUtc(writeUtc(at).slice(0, 19).replace('T', ' '));
    if (start !== null)
      return writeUtc(Date.parse(`${start.slice(0, 10)}T${start.slice(11, 19)}Z`) / 1000 - 1, '999999');
  }
  return null;
}

/** Clocks of callers may be ahead of ours by so much. */
const AHEAD_MAX_MS = 60_000;

/**
 * When a movement of money takes effect, as a body says it.
 * @param name of the field
 * @returns null: now
 * @throws ProblemError for what is no moment, or in the future: money cannot be there before
 */
export function readOccurredAt(
  text: string | undefined,
  clock: ZoneClock,
  name = 'occurredAt',
): string | null {
  if (text === undefined) return null;
  const occurredAt = readMoment(text, clock);
  if (occurredAt === null) throw bodyFault(name, 'is not a moment, such as 2023-01-04T00:00:00Z');
  if (Date.parse(occurredAt) > Date.now() + AHEAD_MAX_MS) throw bodyFault(name, 'is in the future');
  return occurredAt;
}

/** A moment in UTC as the wall of the zone shows it, without a zone: `2023-01-04T00:00:00`, with a fraction if it has one. */
export function writeLocal(utc: string, clock: ZoneClock): string {
  const fraction = /\.\d+/.exec(utc)?.[0] ?? '';
  return clock.toLocal(utc).replace(' ', 'T') + fraction;
}

const DAY_SECONDS = 86_400;
const QUARTER_SECONDS = 900;

/** How far the clocks of an offset are ahead of UTC. */
function offsetSeconds(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone ?? '') ?? [];
  const seconds = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return sign === '-' ? -seconds : seconds;
}

function writeUtc(seconds: number, micros = '000000'): string {
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micros === '000000' ? `${whole}Z` : `${whole}.${micros}Z`;
}
