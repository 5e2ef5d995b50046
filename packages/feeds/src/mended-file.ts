import { makeRecordReader, type CsvRecord } from '@passbook/csv';
import { restoreCell } from './guard-cell.js';
import { ownColumns } from './own-columns.js';
import { normaliseHeaderCell } from './recognise-header.js';

/** Without these a file is no `rows.csv` that was mended, though it may have some of our columns. */
const telling = ownColumns.filter((name) => name !== '_text');

/** A file that was `rows.csv`, by its header. */
export interface MendedFile {
  /** Its columns without our own, as they are written there. */
  header: string[];
  /** A record with the cells of these columns, as the first file had them. */
  read(record: CsvRecord): CsvRecord;
  /** What stands in `_import`: the id of the import that this row could not be posted by. */
  importIdOf(record: CsvRecord): string | undefined;
}

/** @returns null when the header is not that of a `rows.csv` */
export function openMendedFile(header: readonly string[], delimiter = ','): MendedFile | null {
  const names = header.map(normaliseHeaderCell);
  if (!telling.every((name) => names.includes(name))) return null;
  const kept = names.flatMap((name, at) => (ownColumns.includes(name) ? [] : [at]));
  const textAt = names.indexOf('_text');
  const importAt = names.indexOf('_import');
  return {
    header: kept.map((at) => header[at]!),
    importIdOf: ({ cells }) => cells[importAt],
    read(record) {
      if (record.fault) return record;
      const cells = record.cells.map(restoreCell);
      const text = cells[textAt];
      if (text && kept.every((at) => cells[at] === ''))
        return { ...cutText(text, delimiter), line: record.line };
      const present = kept.filter((at) => at < cells.length).map((at) => cells[at]!);
      return { ...record, cells: [...present, ...cells.slice(header.length)] };
    },
  };
}

/** The text of a row, cut into cells as if it stood in the file. More than one row is too much for a line. */
function cutText(text: string, delimiter: string): CsvRecord {
  const reader = makeRecordReader({ delimiter });
  const [record, more] = [...reader.push(text), ...reader.end()];
  if (!record || more) return { line: 0, cells: [], size: text.length, fault: 'QUOTE', raw: text };
  return record;
}
