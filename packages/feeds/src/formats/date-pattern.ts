/*
 * Dates of other layouts. A pattern is made of yyyy, yy (of this century), MM or M, dd or d, HH, mm, ss and the characters
 * between them; `?` and `??` are a day or a month, whichever the file shows. A letter stands for one or two digits, two
 * letters for exactly two.
 */

const expressions: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  yy: '(?<shortYear>\\d{2})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
};

const token = /yyyy|yy|MM|M|dd|d|HH|H|mm|ss/g;

/** Reads the text of a cell as `YYYY-MM-DD HH:MM:SS`. Whether the calendar has that time is for others to say. */
export type DateReader = (cell: string) => string | null;

/**
 * @param year of dates whose pattern has none
 * @throws RangeError when the pattern has no day, no month or no year, has one twice, or leaves their order open
 */
export function makeDateReader(pattern: string, year?: number): DateReader {
  if (pattern.includes('?')) throw new RangeError(`The order of day and month is open in ${pattern}.`);
  const found = [...pattern.matchAll(token)];
  const given = found.map(([one]) => one);
  const letters = pattern.replace(token, '').replace('T', '');
  // A Z, say, would be a zone, and is none here.
  if (/[A-Za-z]/.test(letters)) throw new RangeError(`${pattern} has letters that mean nothing here.`);
  for (const [at, { 0: one, index }] of found.entries()) {
    const next = found[at + 1];
    // Nobody can say where such a number ends.
    if (one.length === 1 && next?.index === index + 1)
      throw new RangeError(`${pattern} has ${one} and ${next[0]} without anything between them.`);
  }
  const kinds = given.map((one) => one.charAt(0));
  if (new Set(kinds).size !== kinds.length) throw new RangeError(`${pattern} has something twice.`);
  const missing = [!kinds.includes('d') && 'day (dd)', !kinds.includes('M') && 'month (MM)'].filter(Boolean);
  if (!kinds.includes('y') && year === undefined) missing.push('year (yyyy), and "year" is not given');
  if (missing.length > 0) throw new RangeError(`${pattern} has no ${missing.join(' and no ')}.`);
  const expression = new RegExp(`^${compile(pattern)}$`, 'u');
  return (cell) => {
    const parts = expression.exec(cell)?.groups;
    if (!parts) return null;
    const inYear =
      parts['year'] ?? (parts['shortYear'] === undefined ? String(year) : `20${parts['shortYear']}`);
    const two = (name: string): string => (parts[name] ?? '00').padStart(2, '0');
    return `${inYear}-${two('month')}-${two('day')} ${two('hour')}:${two('minute')}:${two('second')}`;
  };
}

/** Whether a pattern has a time of day. */
export function hasTimeOfDay(pattern: string): boolean {
  return pattern.includes('H');
}

/** Whether a pattern leaves open which of two numbers is the day. */
export function isOrderOpen(pattern: string): boolean {
  return pattern.includes('?');
}

/** The two patterns that an open one may be: the day first, the month first. @throws RangeError when it has not two places */
export function orderedPatterns(pattern: string): { dayFirst: string; monthFirst: string } {
  if (pattern.match(/\?+/g)?.length !== 2) throw new RangeError(`${pattern} has not two places with ?.`);
  const fill = (...letters: string[]): string => {
    let at = 0;
    return pattern.replace(/\?+/g, (marks) => letters[at++]?.repeat(marks.length) ?? marks);
  };
  return { dayFirst: fill('d', 'M'), monthFirst: fill('M', 'd') };
}

function compile(pattern: string): string {
  let source = '';
  let at = 0;
  for (const { 0: one, index } of pattern.matchAll(token)) {
    source += escape(pattern.slice(at, index)) + expressions[one]!;
    at = index + one.length;
  }
  return source + escape(pattern.slice(at));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
