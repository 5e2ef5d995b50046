import { makeRecordReader, makeTranscoder, type ContentFacts, type Decoding } from '@passbook/csv';
import { openMendedFile, type FileFormat, type MendedFile } from '@passbook/feeds';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
  const text = new TextDecoder('utf-8').decode(makeTranscoder(encoding)(head));
  for (const record of [...reader.push(text), ...reader.end()]) {
    if (file === undefined) {
      if (fileFormat !== null && record.line < fileFormat.headerLine) continue;
      file = openMendedFile(record.cells, delimiter);
      if (!file) return null;
      continue;
    }
    const id = file!.importIdOf(record)?.trim();
    if (id && uuid.test(id)) return id.toLowerCase();
  }
  return null;
}
