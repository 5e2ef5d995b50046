import { makeRecordReader } from '@passbook/csv';
import { withoutOwnColumns } from '../recognise-header.js';
import type { Format } from './format.js';

/** How the beginning of a file goes with a format. */
export type FormatMatch =
  | { kind: 'match'; headerLine: number; linesBefore: string }
  /** Its header is nearly that of the format. */
  | { kind: 'near'; headerLine: number; missing: string[]; unknown: string[] }
  | { kind: 'none' };

/** A header that has so much in common with a format's is taken for a changed one. */
const COMMON_SHARE_MIN = 0.5;

/**
 * Looks for the header of a format. A pure rule.
 * @param head the first bytes of the file, decompressed
 */
export function matchFormat(format: Format, head: Buffer): FormatMatch {
  const text = new TextDecoder(format.encoding).decode(head);
  const reader = makeRecordReader({ delimiter: format.delimiter });
  const records = [...reader.push(text), ...reader.end()];
  let near: FormatMatch & { kind: 'near' } = { kind: 'near', headerLine: 0, missing: [], unknown: [] };
  let distance = Infinity;
  for (const record of records) {
    if (record.line > format.linesBefore + 1) break;
    const names = withoutOwnColumns(record.cells);
    const missing = format.header.filter((name) => !names.includes(normalise(name)));
    const unknown = names.filter(
      (name, at) => !format.header.some((one) => normalise(one) === name) || names.indexOf(name) !== at,
    );
    if (missing.length + unknown.length === 0) {
      return { kind: 'match', headerLine: record.line, linesBefore: firstLines(text, record.line - 1) };
    }
    const common = format.header.length - missing.length;
    if (common < 2 || common < format.header.length * COMMON_SHARE_MIN) continue;
    if (missing.length + unknown.length >= distance) continue;
    distance = missing.length + unknown.length;
    near = { kind: 'near', headerLine: record.line, missing, unknown };
  }
  return distance === Infinity ? { kind: 'none' } : near;
}

/** As header cells are compared: trimmed and without case. */
function normalise(name: string): string {
  return name.trim().toLowerCase();
}

function firstLines(text: string, count: number): string {
  return text.split(/\r\n|\n|\r/, count).join('\n');
}
