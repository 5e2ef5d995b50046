/*
 * A page has a time of day for each row. Intl takes as long for one as for the rest of the row, and a table of all 86,400
 * is larger than the caches of a processor. But within a minute only the two digits of the second change. So each minute
 * is asked for once, and cut where they stand.
 */

/** Writes a second of the day as this format does, whose time zone is UTC. */
export function makeTimeWriter(format: Intl.DateTimeFormat): (second: number) => string {
  const write = (second: number): string => format.format(second * SECOND_MS);
  const minutes = new Array<Minute | null | undefined>(MINUTES_OF_DAY);
  const seconds = readSeconds(write);
  return (second) => {
    const number = Math.floor(second / SECONDS_OF_MINUTE);
    const within = second % SECONDS_OF_MINUTE;
    let minute = minutes[number];
    if (minute === undefined) minute = minutes[number] = readMinute(write, number, seconds);
    return minute === null ? write(second) : minute.before + seconds[within] + minute.after;
  };
}

const SECOND_MS = 1_000;
const SECONDS_OF_MINUTE = 60;
const MINUTES_OF_DAY = 1_440;

/** The text of all times of a minute, before and after the digits of the second. */
interface Minute {
  before: string;
  after: string;
}

/** How the seconds of a minute are written. */
function readSeconds(write: (second: number) => string): string[] {
  const { before, after } = cutMinute(write, 0);
  return Array.from({ length: SECONDS_OF_MINUTE }, (_, second) => {
    const text = write(second);
    return text.slice(before.length, text.length - after.length);
  });
}

/** Null where it is not so simple: some language may have a word for noon, and for noon alone. */
function readMinute(write: (second: number) => string, number: number, seconds: string[]): Minute | null {
  const { before, after } = cutMinute(write, number);
  const isRight = [0, 1, 30, 59].every(
    (within) => before + seconds[within] + after === write(number * SECONDS_OF_MINUTE + within),
  );
  return isRight ? { before, after } : null;
}

/** What is the same in two times of a minute with other digits for the second. */
function cutMinute(write: (second: number) => string, number: number): Minute {
  const [one, other] = [write(number * SECONDS_OF_MINUTE + 11), write(number * SECONDS_OF_MINUTE + 22)];
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < one.length - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return { before: one.slice(0, start), after: one.slice(one.length - end) };
}
