import { decodeText, makeRecordReader, type Encoding } from '@passbook/csv';
import { openMendedFile } from '../mended-file.js';
import { countNamed, normaliseHeaderCell, withoutOwnColumns } from '../recognise-header.js';
import type { Format } from './format.js';

/** How the beginning of a file goes with a format. */
export type FormatMatch =
  | {
      kind: 'match';
      headerLine: number;
      linesBefore: string;
      encoding: Encoding;
      /** It is a `rows.csv`, mended. */
      isMended: boolean;
    }
  /** Its header is nearly that of the format. */
  | { kind: 'near'; headerLine: number; missing: string[]; unknown: string[] }
  | { kind: 'none' };

/** A header that has so much in common with a format's is taken for a changed one. */
const COMMON_SHARE_MIN = 0.5;

/**
 * Looks for the header of a format. A pure rule.
 * @param head the first bytes of the file, unpacked
 */
export function matchFormat(format: Format, head: Buffer): FormatMatch {
  const match = matchText(format, decodeText(head, format.encoding), format.encoding);
  if (match.kind === 'match' || format.encoding === 'utf-8') return match;
  // `rows.csv` is UTF-8, whatever the file was whose rows it holds; and what a format calls something else may be.
  const other = matchText(format, decodeText(head, 'utf-8'), 'utf-8');
  if (other.kind !== 'match' || other.isMended) return other.kind === 'match' ? other : match;
  return { ...other, encoding: format.encoding };
}

function matchText(format: Format, text: string, encoding: Encoding): FormatMatch {
  const reader = makeRecordReader({ delimiter: format.delimiter });
  const records = [...reader.push(text), ...reader.end()];
  let near: (FormatMatch & { kind: 'near' }) | null = null;
  for (const { line: headerLine, cells } of records) {
    if (headerLine > format.linesBefore + 1) break;
    const own = withoutOwnColumns(cells);
    const names = own.slice(0, countNamed(own));
    const missing = format.header.filter((name) => !names.includes(normaliseHeaderCell(name)));
    const unknown = names.filter(
      (name, at) =>
        !format.header.some((one) => normaliseHeaderCell(one) === name) || names.indexOf(name) !== at,
    );
    if (missing.length + unknown.length === 0) {
      const isMended = openMendedFile(cells, format.delimiter) !== null;
      const linesBefore = firstLines(text, headerLine - 1);
      return { kind: 'match', headerLine, linesBefore, encoding: isMended ? 'utf-8' : encoding, isMended };
    }
    const common = format.header.length - missing.length;
    if (common < 2 || common < format.header.length * COMMON_SHARE_MIN) continue;
    if (near && missing.length + unknown.length >= near.missing.length + near.unknown.length) continue;
    near = { kind: 'near', headerLine, missing, unknown };
  }
  return near ?? { kind: 'none' };
}

function firstLines(text: string, count: number): string {
  return text.split(/\r\n|\n|\r/, count).join('\n');
}
