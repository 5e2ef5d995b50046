const LF = 10;
const CR = 13;
const QUOTE = 34;

/** What can still change how an unfinished record ends; null when any character can. */
export type Awaited = 'quote' | 'quote or line end' | null;

/** What a scan finds out about the record that begins at `start`. */
export type Scan =
  /** Whole: its content ends before `end`, where a line end or the end of the text is. */
  | { kind: 'record'; cells: string[]; end: number }
  /** A quotation mark is amiss. */
  | { kind: 'fault' }
  /** Too long: what follows `from`, up to the next line end, is not worth reading. */
  | { kind: 'too large'; from: number }
  /** The text ends before the record does, and more text will come. */
  | { kind: 'unfinished'; awaits: Awaited };

/** Where the scan of one record may look. */
export interface ScanBounds {
  start: number;
  /** The first line end at or after `start`, the length of the text when it has none. */
  lineEnd: number;
  /**
   * A record whose content goes beyond this place is too large. Nothing behind it has a say, whether it has been read
   * yet or not: so the outcome cannot depend on how the text was cut.
   */
  stop: number;
  delimiter: number;
  /** No more text will come. */
  ended: boolean;
}

/**
 * Scans one record cell by cell, as strictly as csv-parse does without `relax_quotes`: a quotation mark opens a cell
 * only as its first character, and is followed by a delimiter, a line end or the end of the text when it closes it.
 */
export function scanRecord(text: string, bounds: ScanBounds): Scan {
  const { stop, delimiter, ended } = bounds;
  const cells: string[] = [];
  let at = bounds.start;
  for (;;) {
    const isQuoted = at < stop && text.charCodeAt(at) === QUOTE;
    if (isQuoted) {
      const close = findClosingQuote(text, at, bounds);
      if (typeof close !== 'number') return close;
      cells.push(unquote(text, at + 1, close));
      at = close + 1;
    } else {
      const end = findCellEnd(text, at, stop, delimiter);
      if (end === text.length && !ended) return { kind: 'unfinished', awaits: 'quote or line end' };
      cells.push(text.slice(at, end));
      at = end;
    }
    if (at === text.length) return { kind: 'record', cells, end: at };
    const next = text.charCodeAt(at);
    if (next === LF || next === CR) return { kind: 'record', cells, end: at };
    const isDelimiter = next === delimiter;
    // A closing quotation mark may be the last character before the stop: what follows it must be right nonetheless.
    if (at >= stop && (isDelimiter || !isQuoted)) return { kind: 'too large', from: stop };
    if (!isDelimiter) return { kind: 'fault' };
    at += 1;
  }
}

/** The first place before `stop` that ends an unquoted cell or must not be in it; else `stop`, or the end of the text. */
function findCellEnd(text: string, from: number, stop: number, delimiter: number): number {
  const end = Math.min(stop, text.length);
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === delimiter || code === LF || code === CR || code === QUOTE) return at;
  }
  return end;
}

function findClosingQuote(
  text: string,
  open: number,
  { start, lineEnd, stop, ended }: ScanBounds,
): number | Scan {
  let close = text.indexOf('"', open + 1);
  for (;;) {
    if (close === -1 || close >= stop) {
      if (text.length <= stop) return ended ? { kind: 'fault' } : { kind: 'unfinished', awaits: 'quote' };
      // A line that is too long in itself says nothing about its quotes: we cannot look at all of it.
      return lineEnd <= stop ? { kind: 'fault' } : { kind: 'too large', from: start };
    }
    if (close + 1 === text.length && !ended) return { kind: 'unfinished', awaits: null };
    if (text.charCodeAt(close + 1) !== QUOTE) return close;
    close = text.indexOf('"', close + 2);
  }
}

function unquote(text: string, from: number, to: number): string {
  const cell = text.slice(from, to);
  return cell.includes('"') ? cell.replaceAll('""', '"') : cell;
}

/** How many physical lines end in a part of the text; CRLF is one line end. */
export function countLineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count += 1;
  }
  return count;
}
