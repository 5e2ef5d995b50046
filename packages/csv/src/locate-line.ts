import { readContent } from './read-content.js';
import { readRecords, type ReadOptions } from './read-records.js';
import type { CsvRecord } from './record-reader.js';
import { countLineEnds } from './scan-record.js';

type RecordKind = 'before' | 'header' | 'record';

/** What a physical line of a file is. A record may have several: `begins` is the first of them. */
export type LinePlace =
  | { kind: RecordKind; begins: number }
  | { kind: 'empty' }
  /** `lines`: how many the file has. */
  | { kind: 'beyond'; lines: number };

/**
 * Says what a line of a file is, from 1. Reads the file once or twice; it is never in memory.
 * @param options.headerLine records that begin before it stand before the header
 * @throws as `readRecords` does
 */
export async function locateLine(
  path: string,
  line: number,
  options: ReadOptions & { headerLine?: number } = {},
): Promise<LinePlace> {
  const { headerLine = 1 } = options;
  let hasHeader = false;
  let last: { record: CsvRecord; kind: RecordKind } | undefined;
  const inLast = (): LinePlace | null => {
    if (!last || line >= last.record.line + countLines(last.record)) return null;
    return { kind: last.kind, begins: last.record.line };
  };
  for await (const { records } of readRecords(path, options)) {
    for (const record of records) {
      if (record.line > line) return inLast() ?? { kind: 'empty' };
      const kind: RecordKind = record.line < headerLine ? 'before' : hasHeader ? 'record' : 'header';
      hasHeader ||= kind === 'header';
      last = { record, kind };
    }
  }
  const found = inLast();
  if (found) return found;
  const lines = await countLinesOf(path, options);
  return line <= lines ? { kind: 'empty' } : { kind: 'beyond', lines };
}

/** The physical lines of a record. */
function countLines({ cells, raw }: CsvRecord): number {
  const texts = raw === undefined ? cells : [raw];
  return texts.reduce((lines, text) => lines + countLineEnds(text, 0, text.length), 1);
}

const LF = 10;
const CR = 13;

/** The physical lines of a file; the last one need not have an end. */
async function countLinesOf(path: string, { decoding }: ReadOptions): Promise<number> {
  let ends = 0;
  let last: number | undefined;
  for await (const { bytes } of readContent(path, decoding)) {
    for (const byte of bytes) {
      if (byte === CR || (byte === LF && last !== CR)) ends += 1;
      last = byte;
    }
  }
  return last === undefined || last === LF || last === CR ? ends : ends + 1;
}
