import type { Fault } from '@passbook/imports';
import { makeZoneClock } from '@passbook/runtime';
import { readTimestamp } from '../transactions/check-cell.js';
import { hasTimeOfDay, makeDateReader } from './date-pattern.js';
import type { DateLayout } from './format.js';
import type { CellReader } from './money-reader.js';

/** No clock was ever set forward by more, from midnight on. */
const MINUTES_SKIPPED_MAX = 180;

/** Reads the time of a row: UTC, and the month in the zone. A day without a time of day is its first moment. */
export function makeTimeReader(
  { column, timeColumn, pattern, year }: DateLayout,
  cellOf: (column: string) => CellReader,
  timeZone: string,
): (cells: readonly string[]) => { utc: string; month: number } | Fault[] {
  const clock = makeZoneClock(timeZone);
  const read = makeDateReader(pattern, year);
  const day = cellOf(column);
  const time = timeColumn === undefined ? null : cellOf(timeColumn);
  const find = (text: string): { utc: string; month: number } | null => {
    const found = readTimestamp(text, clock.toUtc);
    return 'code' in found ? null : found;
  };
  /** Where clocks are set forward at midnight the day begins later. */
  const findDay = (text: string): { utc: string; month: number } | null => {
    const midnight = find(text);
    if (midnight || hasTimeOfDay(pattern)) return midnight;
    for (let minute = 1; minute <= MINUTES_SKIPPED_MAX; minute++) {
      const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) =>
        String(part).padStart(2, '0'),
      );
      const found = find(`${text.slice(0, 10)} ${hours}:${minutes}:00`);
      if (found) return found;
    }
    return null;
  };
  return (cells) => {
    const text = read(time ? `${day(cells).text} ${time(cells).text}` : day(cells).text);
    const found = text === null ? null : findDay(text);
    if (found) return found;
    const message = `By its format a time looks like ${pattern}; it must exist in the calendar and in the time zone.`;
    return [{ column, code: 'TYPE_DATE', message }];
  };
}
