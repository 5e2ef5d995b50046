import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { makeRecordReader, type CsvRecord, type RecordReaderOptions } from './record-reader.js';

/** fast-check prints the seed and the smallest text of a failure. */
const RUNS = { numRuns: 5_000 };

/** Texts of the characters that mean something, and of some that are more than one byte or one unit long. */
const csvText = fc
  .array(
    fc.constantFrom(
      'a',
      'a',
      ',',
      ',',
      '"',
      '"',
      '\n',
      '\n',
      '\r',
      '\r\n',
      ' ',
      ';',
      'é',
      '😀',
      '\ufeff',
      '""',
      ',"',
      '",',
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

const read = (text: string, options?: RecordReaderOptions): CsvRecord[] => readPieces([text], options);

function readPieces(pieces: readonly string[], options?: RecordReaderOptions): CsvRecord[] {
  const reader = makeRecordReader(options);
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

describe('any text', () => {
  test('has the cells that csv-parse finds, and a fault where csv-parse refuses it', () => {
    let accepted = 0;
    fc.assert(
      fc.property(csvText, (text) => {
        const records = read(text);
        const expected = parseWithCsvParse(text);
        if (expected === null) return expect(records.map(({ fault }) => fault)).toContain('QUOTE');
        accepted += 1;
        expect(records.map(({ cells }) => cells)).toEqual(expected);
        expect(records.some(({ fault }) => fault)).toBe(false);
      }),
      RUNS,
    );
    // Both halves of the claim were tried.
    expect(accepted).toBeGreaterThan(RUNS.numRuns / 20);
    expect(accepted).toBeLessThan((RUNS.numRuns * 19) / 20);
  });

  test('has the records, lines, sizes and faults that a slow reader finds', () => {
    fc.assert(
      fc.property(csvText, (text) => expect(read(text)).toEqual(readSlowly(text))),
      RUNS,
    );
  });

  test('has them also when records are too large', () => {
    fc.assert(
      fc.property(csvText, fc.integer({ min: 1, max: 12 }), (text, recordCharsMax) =>
        expect(read(text, { recordCharsMax })).toEqual(readSlowly(text, recordCharsMax)),
      ),
      RUNS,
    );
  });

  test('is read alike wherever it is cut', () => {
    fc.assert(
      fc.property(
        csvText,
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.nat(40)),
        (text, recordCharsMax, cuts) => {
          const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
          const pieces = places.slice(1).map((to, at) => text.slice(places[at], Math.max(to, places[at]!)));
          const expected = read(text, { recordCharsMax });
          expect(readPieces(pieces, { recordCharsMax })).toEqual(expected);
          expect(readPieces(text.split(''), { recordCharsMax })).toEqual(expected);
          // ... and no record comes later than it could.
          const reader = makeRecordReader({ recordCharsMax });
          let returned = 0;
          for (let to = 1; to <= text.length; to += 1) {
            returned += reader.push(text[to - 1]!).length;
            expect(returned).toBe(makeRecordReader({ recordCharsMax }).push(text.slice(0, to)).length);
          }
        },
      ),
      RUNS,
    );
  });
});

/** One character after the other, and back to the start of the record when something is amiss. */
function readSlowly(text: string, max = Infinity): CsvRecord[] {
  const records: CsvRecord[] = [];
  const lineOf = (place: number): number => (text.slice(0, place).match(/\r\n|\n|\r/g)?.length ?? 0) + 1;
  /** Where the line ends that `place` is on: before and behind its line end. */
  const lineEndFrom = (place: number): [number, number] => {
    const found = /\r\n|\n|\r/.exec(text.slice(place));
    return found ? [place + found.index, place + found.index + found[0].length] : [text.length, text.length];
  };
  let start = 0;
  while (start < text.length) {
    const line = lineOf(start);
    const outcome = readOneSlowly(text, start, max);
    const [end, next] = lineEndFrom(outcome.at);
    if (outcome.kind !== 'record') {
      const raw = text.slice(start, Math.min(end, start + max));
      records.push({ line, cells: [], size: next - start, fault: outcome.kind, raw });
    } else if (end > start) records.push({ line, cells: outcome.cells, size: next - start });
    start = next;
  }
  return records;
}

type SlowOutcome =
  { kind: 'record'; at: number; cells: string[] } | { kind: 'QUOTE' | 'ROW_TOO_LARGE'; at: number };

function readOneSlowly(text: string, start: number, max: number): SlowOutcome {
  const cells: string[] = [];
  let cell = '';
  let state: 'cell start' | 'unquoted' | 'quoted' | 'after a quote' = 'cell start';
  for (let at = start; ; at += 1) {
    const character = text[at];
    const isEnd = character === undefined || character === '\n' || character === '\r';
    if (isEnd && state !== 'quoted') return { kind: 'record', at, cells: [...cells, cell] };
    if (character === undefined) return { kind: 'QUOTE', at: start };
    if (at - start === max) {
      if (state === 'after a quote' && character !== ',' && character !== '"')
        return { kind: 'QUOTE', at: start };
      const isInQuotes = state === 'quoted' || (state === 'after a quote' && character === '"');
      if (!isInQuotes) return { kind: 'ROW_TOO_LARGE', at };
      return { kind: /[\r\n]/.test(text.slice(start, at + 1)) ? 'QUOTE' : 'ROW_TOO_LARGE', at: start };
    }
    if (state === 'quoted') {
      if (character === '"') state = 'after a quote';
      else cell += character;
    } else if (character === ',') {
      cells.push(cell);
      cell = '';
      state = 'cell start';
    } else if (character === '"' && state !== 'unquoted') {
      if (state === 'after a quote') cell += '"';
      state = 'quoted';
    } else if (state === 'after a quote' || character === '"') {
      return { kind: 'QUOTE', at: start };
    } else {
      cell += character;
      state = 'unquoted';
    }
  }
}

function parseWithCsvParse(text: string): string[][] | null {
  try {
    return parse(text, {
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    });
  } catch {
    return null;
  }
}
