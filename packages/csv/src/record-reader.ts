/*
 * Reads records out of text that comes in pieces. Lines without a quotation mark, almost all there are, are cut at
 * delimiters that `indexOf` finds; any other record is scanned cell by cell (scan-record.ts).
 *
 * A faulty quotation mark costs the one physical line on which its record began, and reading goes on at the next line.
 * That stays linear: as long as nothing is amiss, an odd number of quotation marks has been read exactly while a quoted
 * cell is open. So a scan that began on a line with an odd number is over on the next such line at the latest, and the
 * lines between the two, with even numbers, end by themselves when they are read anew. No line is scanned three times.
 */
import { countLineEnds, scanRecord, type Awaited } from './scan-record.js';

/**
 * The default for the length of a record, in characters. A row that means something is a thousand times shorter; and it
 * bounds what a quotation mark that is never closed makes us keep.
 */
export const RECORD_CHARS_MAX = 262_144;

const LF = 10;
const CR = 13;

/** A record of a file. Its cells share memory with the text around them: whoever keeps one for long keeps that too. */
export interface CsvRecord {
  /** The physical line on which the record begins, from 1. LF, CRLF and CR end a line, those in quoted cells too. */
  line: number;
  /** Empty when the record is faulty. */
  cells: string[];
  /** Its length in characters, with its line end. */
  size: number;
  /**
   * QUOTE: a quotation mark stands inside an unquoted cell, is followed by more text, or is never closed; the record is
   * then its first physical line. ROW_TOO_LARGE: it is longer than a record may be, and was skipped.
   */
  fault?: 'QUOTE' | 'ROW_TOO_LARGE';
  /** The text of a faulty record, without its line end; its beginning, where it is longer than a record may be. */
  raw?: string;
}

export interface RecordReaderOptions {
  /** One character; a comma by default. */
  delimiter?: string;
  /** The largest length of a record in characters, without its line end. */
  recordCharsMax?: number;
}

export interface RecordReader {
  /** Takes the next piece of text. @returns the records that end in it; empty lines are counted, but are no records */
  push(text: string): CsvRecord[];
  /** @returns the records that the end of the text ends. Nothing may be pushed after it */
  end(): CsvRecord[];
  /** Whether it holds nothing of a record whose end is still to come. */
  isBetweenRecords(): boolean;
  /** Counts a line that is a record, and that somebody else has read. @returns its number */
  passLine(): number;
}

/** Where reading stands between two pieces of text. */
interface Place {
  /** The text of a record that is not whole yet: never much longer than a record may be. */
  rest: string;
  awaits: Awaited;
  /** The physical line on which `rest` begins. */
  line: number;
  /** A faulty record of which the line goes on: passed over up to the next line end. */
  skipped: CsvRecord | null;
}

/** The text at hand, and the next place of each character that means something, at or after `at`; its length if none. */
interface Cursor {
  text: string;
  ended: boolean;
  at: number;
  lf: number;
  cr: number;
  quote: number;
  delimiter: number;
}

interface Dialect {
  delimiter: string;
  recordCharsMax: number;
}

/**
 * A reader of RFC 4180, strict as csv-parse is by default, that goes on after a fault. Memory is that of one piece and
 * one record. What it returns does not depend on how the text is cut into pieces.
 * @throws RangeError when the delimiter is not one character, or one with another meaning
 */
export function makeRecordReader(options: RecordReaderOptions = {}): RecordReader {
  const dialect: Dialect = { delimiter: ',', recordCharsMax: RECORD_CHARS_MAX, ...options };
  if (dialect.delimiter.length !== 1 || '"\r\n'.includes(dialect.delimiter)) {
    throw new RangeError('A delimiter is one character, but not a quotation mark or a line end.');
  }
  const place: Place = { rest: '', awaits: null, line: 1, skipped: null };
  return {
    push(text) {
      const joined = place.rest + text;
      const isAwaited =
        place.awaits === 'quote' ? text.includes('"') : place.awaits === null || /["\r\n]/.test(text);
      if (!isAwaited && joined.length <= dialect.recordCharsMax) {
        // Text in small pieces: the record cannot be whole yet, so it is not scanned again.
        place.rest = joined;
        return [];
      }
      return readText(joined, false, place, dialect);
    },
    end: () => readText(place.rest, true, place, dialect),
    isBetweenRecords: () => place.rest === '' && place.skipped === null,
    passLine: () => place.line++,
  };
}

/** Reads what is whole, and leaves the rest in `place`. */
function readText(text: string, ended: boolean, place: Place, dialect: Dialect): CsvRecord[] {
  const records: CsvRecord[] = [];
  const cursor: Cursor = { text, ended, at: 0, lf: -1, cr: -1, quote: -1, delimiter: -1 };
  place.awaits = null;
  while (cursor.at < text.length) {
    const { at } = cursor;
    if (cursor.lf < at) cursor.lf = find(text, '\n', at);
    if (cursor.cr < at) cursor.cr = find(text, '\r', at);
    const lineEnd = cursor.lf < cursor.cr ? cursor.lf : cursor.cr;
    if (place.skipped) {
      if (!skipLine(cursor, lineEnd, place, dialect, records)) break;
      continue;
    }
    if (cursor.quote < at) cursor.quote = find(text, '"', at);
    if (
      cursor.quote < lineEnd ||
      lineEnd - at > dialect.recordCharsMax ||
      (lineEnd === text.length && !ended)
    ) {
      if (!readScanned(cursor, lineEnd, place, dialect, records)) break;
      continue;
    }
    const next = afterLineEnd(cursor, lineEnd);
    if (next === null) break;
    if (lineEnd > at) {
      records.push({
        line: place.line,
        cells: cutCells(cursor, lineEnd, dialect.delimiter),
        size: next - at,
      });
    }
    place.line += 1;
    cursor.at = next;
  }
  place.rest = text.slice(cursor.at);
  if (ended && place.skipped) {
    records.push(place.skipped);
    place.skipped = null;
  }
  return records;
}

/** Cuts a line without quotation marks. */
function cutCells(cursor: Cursor, lineEnd: number, delimiter: string): string[] {
  const { text } = cursor;
  const cells: string[] = [];
  let from = cursor.at;
  let next = cursor.delimiter < from ? find(text, delimiter, from) : cursor.delimiter;
  while (next < lineEnd) {
    cells.push(text.slice(from, next));
    from = next + 1;
    next = find(text, delimiter, from);
  }
  // Kept for the next line: a text without delimiters is searched once, not once for each line.
  cursor.delimiter = next;
  cells.push(text.slice(from, lineEnd));
  return cells;
}

/** Reads a record with quotation marks, or too long, or not whole. @returns false when it awaits more text */
function readScanned(
  cursor: Cursor,
  lineEnd: number,
  place: Place,
  { delimiter, recordCharsMax }: Dialect,
  records: CsvRecord[],
): boolean {
  const { text, at, ended } = cursor;
  const stop = at + recordCharsMax;
  const scan = scanRecord(text, { start: at, lineEnd, stop, delimiter: delimiter.charCodeAt(0), ended });
  if (scan.kind === 'unfinished') {
    place.awaits = scan.awaits;
    return false;
  }
  if (scan.kind === 'fault') {
    place.skipped = { line: place.line, cells: [], size: 0, fault: 'QUOTE', raw: '' };
    return true;
  }
  if (scan.kind === 'too large') {
    const raw = text.slice(at, scan.from);
    place.skipped = { line: place.line, cells: [], size: raw.length, fault: 'ROW_TOO_LARGE', raw };
    place.line += countLineEnds(text, at, scan.from);
    cursor.at = scan.from;
    return true;
  }
  const next = afterLineEnd(cursor, scan.end);
  if (next === null) return false;
  records.push({ line: place.line, cells: scan.cells, size: next - at });
  place.line += scan.end > lineEnd ? countLineEnds(text, at, next) : 1;
  cursor.at = next;
  return true;
}

/** Passes over the line of a faulty record. @returns false when it goes on in text to come */
function skipLine(
  cursor: Cursor,
  lineEnd: number,
  place: Place,
  { recordCharsMax }: Dialect,
  records: CsvRecord[],
): boolean {
  const skipped = place.skipped!;
  const room = recordCharsMax - skipped.raw!.length;
  if (room > 0) skipped.raw += cursor.text.slice(cursor.at, Math.min(lineEnd, cursor.at + room));
  const next = lineEnd === cursor.text.length ? null : afterLineEnd(cursor, lineEnd);
  skipped.size += (next ?? lineEnd) - cursor.at;
  cursor.at = next ?? lineEnd;
  if (next === null) return false;
  records.push(skipped);
  place.skipped = null;
  place.line += 1;
  return true;
}

/** Where the next line begins, or null when that is not known: the text ends with CR, and LF may follow. */
function afterLineEnd({ text, ended }: Cursor, lineEnd: number): number | null {
  if (text.charCodeAt(lineEnd) !== CR) return Math.min(lineEnd + 1, text.length);
  if (lineEnd + 1 === text.length && !ended) return null;
  return text.charCodeAt(lineEnd + 1) === LF ? lineEnd + 2 : lineEnd + 1;
}

function find(text: string, character: string, from: number): number {
  const found = text.indexOf(character, from);
  return found === -1 ? text.length : found;
}
