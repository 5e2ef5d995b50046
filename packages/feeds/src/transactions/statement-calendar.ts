import { makeZoneClock } from '@passbook/runtime';

/** How months, days and times look to a reader in one locale and time zone. Each function is pure. */
export interface StatementCalendar {
  /** `2021-01` as `January 2021` */
  month: (month: string) => string;
  /** `2021-01` as `Jan 2021` */
  shortMonth: (month: string) => string;
  /** From the first month to the last, as `January – December 2021`. */
  period: (first: string, last: string) => string;
  /** The day of a moment (RFC 3339 in UTC) in the time zone. */
  day: (moment: string) => string;
  /** The time of day of a moment in the time zone, without a fraction of a second. */
  time: (moment: string) => string;
}

/** Some 27 years of days, their months, and every second of a day: about 10 MB. What is full is emptied. */
const DAYS_REMEMBERED_MAX = 10_000;
const MONTHS_REMEMBERED_MAX = 1_000;
const TIMES_REMEMBERED_MAX = 86_400;

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
  const shortMonth = new Intl.DateTimeFormat(locale, { ...asItIs, month: 'short', year: 'numeric' });
  const day = new Intl.DateTimeFormat(locale, { ...asItIs, dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { ...asItIs, timeStyle: 'medium' });
  const clock = makeZoneClock(timeZone);
  const dayOf = remembering(DAYS_REMEMBERED_MAX, (local) => day.format(Date.parse(`${local}T00:00:00Z`)));
  const timeOf = remembering(TIMES_REMEMBERED_MAX, (local) =>
    time.format(Date.parse(`2000-01-01T${local}Z`)),
  );
  const periodOf = remembering(MONTHS_REMEMBERED_MAX, (months) => {
    const [first = '', last = ''] = months.split(' ');
    return month.formatRange(firstDay(first), firstDay(last));
  });
  return {
    month: remembering(MONTHS_REMEMBERED_MAX, (text) => month.format(firstDay(text))),
    shortMonth: remembering(MONTHS_REMEMBERED_MAX, (text) => shortMonth.format(firstDay(text))),
    period: (first, last) => periodOf(`${first} ${last}`),
    day: (moment) => dayOf(clock.toLocal(moment).slice(0, DAY_CHARS)),
    time: (moment) => timeOf(clock.toLocal(moment).slice(DAY_CHARS + 1)),
  };
}

const DAY_CHARS = 'YYYY-MM-DD'.length;

function remembering(entriesMax: number, write: (text: string) => string): (text: string) => string {
  const written = new Map<string, string>();
  return (text) => {
    const known = written.get(text);
    if (known !== undefined) return known;
    if (written.size >= entriesMax) written.clear();
    const made = write(text);
    written.set(text, made);
    return made;
  };
}

function firstDay(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`);
}
