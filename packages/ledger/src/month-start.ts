import type { ZoneClock } from '@passbook/runtime';
import { monthNo, MONTHS } from './transaction-row.js';

/** A month, and the moment at which it begins. */
export interface MonthStart {
  /** As `monthNo` gives it. */
  month: number;
  /** RFC 3339 in UTC. */
  startsAt: string;
}

const DAY_MS = 86_400_000;
const FIRST_MONTH = monthNo(1, 1);
const LAST_MONTH = monthNo(9999, 12);

/**
 * The last month that begins at or before a moment in such a way that all that happens before is of earlier months, and all
 * that happens later is of this one or of later ones. Where the clocks of the zone change within a day of midnight on the
 * first, an hour of the old month can come after one of the new (St. John's, 2009): then it is the month before.
 * @param moment RFC 3339 in UTC, of the years 1 to 9999
 */
export function findMonthStart(moment: string, clock: ZoneClock): MonthStart {
  for (let month = Math.min(monthOf(moment, clock), LAST_MONTH); month > FIRST_MONTH; month--) {
    const startsAt = startOf(month, clock);
    if (startsAt !== null) return { month, startsAt };
  }
  // There is nothing before the first month: all is read.
  return { month: 0, startsAt: '-infinity' };
}

/** The month in which a moment is, by the clocks of the zone. @param moment RFC 3339 in UTC @returns as `monthNo` */
export function monthOf(moment: string, clock: ZoneClock): number {
  const [year, month] = clock.toLocal(moment).split('-', 2);
  return monthNo(Number(year), Number(month));
}

/** Whether a month is of the years 1 to 9999. @param month as `monthNo` */
export function isOfCalendar(month: number): boolean {
  return month >= FIRST_MONTH && month <= LAST_MONTH;
}

/** Months around a moment: at least the one before and the one after. */
const MONTHS_AROUND = 3;

/**
 * When the months around now begin: the clock of the database, which says when something is posted, may be another one.
 * @param moment RFC 3339 in UTC
 * @returns the first of them as `monthNo`, and their starts in UTC; the last is the end of the last month
 */
export function startsOfMonths(moment: string, clock: ZoneClock): { firstMonth: number; starts: string[] } {
  const firstMonth = monthOf(moment, clock) - 1;
  const starts = Array.from({ length: MONTHS_AROUND + 1 }, (_, at) => roughStartOf(firstMonth + at, clock));
  return { firstMonth, starts };
}

/** Where midnight is skipped on the first, the month begins with the first hour that there is. */
function roughStartOf(month: number, clock: ZoneClock): string {
  for (const hour of ['00', '01', '02', '03']) {
    const start = clock.toUtc(`${firstDayOf(month)} ${hour}:00:00`);
    if (start !== null) return start;
  }
  throw new RangeError(`The month ${firstDayOf(month)} has no first day in this time zone.`);
}

/** `YYYY-MM-01` */
function firstDayOf(month: number): string {
  const year = String(Math.floor(month / MONTHS)).padStart(4, '0');
  return `${year}-${String((month % MONTHS) + 1).padStart(2, '0')}-01`;
}

/** When a month begins; null where the clocks change around then. */
function startOf(month: number, clock: ZoneClock): string | null {
  const first = firstDayOf(month);
  const start = clock.toUtc(`${first} 00:00:00`);
  if (start === null) return null;
  const startMs = Date.parse(start.replace(' ', 'T').replace('+00', 'Z'));
  const midnightMs = Date.parse(`${first}T00:00:00Z`);
  const isSteady = [-DAY_MS, DAY_MS].every((distance) => {
    const local = clock.toLocal(new Date(startMs + distance).toISOString());
    return Date.parse(`${local.replace(' ', 'T')}Z`) === midnightMs + distance;
  });
  return isSteady ? new Date(startMs).toISOString() : null;
}
