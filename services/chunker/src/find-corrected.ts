import { decodeText, makeRecordReader, type ContentFacts, type Decoding } from '@passbook/csv';
import { isUuid, openMendedFile, type FileFormat, type MendedFile } from '@passbook/feeds';

/**
 * The import whose quarantined rows a file corrects: the id in the first row of a mended `rows.csv` that has one. Pure.
 * @returns null when the file is no mended one
 */
export function findCorrected(
  { head }: ContentFacts,
  { encoding }: Decoding,
  fileFormat: FileFormat | null,
): string | null {
  const { delimiter } = fileFormat?.format ?? { delimiter: ',' };
  const reader = makeRecordReader({ delimiter });
  let file: MendedFile | null | undefined;
  const text = decodeText(head, encoding);
  for (const record of [...reader.push(text), ...reader.end()]) {
    if (file === undefined) {
      if (fileFormat !== null && record.line < fileFormat.headerLine) continue;
      file = openMendedFile(record.cells, delimiter);
      if (!file) return null;
      continue;
    }
    const id = file!.importIdOf(record)?.trim();
    if (id && isUuid(id)) return id.toLowerCase();
  }
  return null;
}
