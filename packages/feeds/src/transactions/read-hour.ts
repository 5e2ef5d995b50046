import { secondsOf } from '@passbook/ledger';
import { readTimestamp } from './check-cell.js';

/** An hour of the installation's clocks of which each second is as long after the first one here as it is in UTC. */
export interface Hour {
  /** Of its first second, from 2000-01-01 UTC. */
  seconds: number;
  /** As `monthNo` of the ledger gives it. */
  month: number;
}

export interface HourReader {
  /**
   * The hour of a time as a file writes it, `YYYY-MM-DD HH`. Null when there is no such hour, or when the clocks change in
   * it: then each time of it has to be read by itself.
   */
  find(bytes: Buffer, at: number): Hour | null;
}

/** About fourteen years, some 15 MB. When it is full it is emptied: a file stays within few years for long. */
const DAYS_REMEMBERED_MAX = 5_000;

/** Each hour is read once, in the way of a single time. @param toUtc of the zone's clock */
export function makeHourReader(toUtc: (local: string) => string | null): HourReader {
  const days = new Map<number, (Hour | null | undefined)[]>();
  const read = (text: string): Hour | null => {
    const first = readTimestamp(`${text}:00:00`, toUtc);
    const last = readTimestamp(`${text}:59:59`, toUtc);
    if ('code' in first || 'code' in last) return null;
    const seconds = secondsOf(first.utc);
    return secondsOf(last.utc) - seconds === 3599 ? { seconds, month: first.month } : null;
  };
  return {
    find(bytes, at) {
      const day =
        readPair(bytes, at) * 1_000_000 +
        readPair(bytes, at + 2) * 10_000 +
        readPair(bytes, at + 5) * 100 +
        readPair(bytes, at + 8);
      const hour = readPair(bytes, at + 11);
      // What is no digit has made it NaN.
      if (!(day + hour >= 0)) return null;
      let hours = days.get(day);
      if (!hours) {
        if (days.size >= DAYS_REMEMBERED_MAX) days.clear();
        days.set(day, (hours = []));
      }
      const known = hours[hour];
      if (known !== undefined) return known;
      return (hours[hour] = read(bytes.toString('latin1', at, at + HOUR_CHARS)));
    },
  };
}

const HOUR_CHARS = 'YYYY-MM-DD HH'.length;

/** Two digits, or NaN. */
function readPair(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}
