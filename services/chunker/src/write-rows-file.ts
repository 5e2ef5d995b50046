import { encodeCsvRecord, readContent, type CsvRecord, type Decoding } from '@passbook/csv';
import type { Database } from '@passbook/database';
import {
  countNamed,
  guardCell,
  openMendedFile,
  ownColumns,
  readRows,
  type FileFormat,
  type MendedFile,
} from '@passbook/feeds';
import { listExceptions, type Fault, type Import } from '@passbook/imports';

/** What ends a record that is encoded. */
const LINE_END = '\r\n';

const EXCEPTIONS_PER_PAGE = 10_000;

/**
 * The rows of an import that could not be posted, as they were in the file, each with its faults: the content of
 * `rows.csv`. Reads the file once more beside the exceptions, both in the order of lines: memory stays flat.
 */
export async function* renderQuarantinedRows(
  database: Database,
  one: Import,
  copyPath: string,
): AsyncGenerator<string> {
  const exceptions = readQuarantined(database, one.no);
  let next = await exceptions.next();
  const layout = (one.chunking.format as FileFormat | undefined) ?? null;
  let file: QuarantinedFile | undefined;
  for await (const { rows } of readRows(copyPath, one.chunking)) {
    const lines: string[] = [];
    while (rows.next()) {
      if (!file) {
        file = openFile(rows.header, layout);
        if (layout) yield await readLinesBefore(copyPath, one.chunking.decoding, layout);
        lines.push(encodeCsvRecord([...file.header, ...ownColumns], file.delimiter));
      }
      if (next.done) break;
      const record = rows.record();
      if (record.line !== next.value.line) continue;
      lines.push(encodeCsvRecord(describe(record, file, one.id, next.value.faults), file.delimiter));
      next = await exceptions.next();
    }
    yield lines.join('');
    if (next.done) break;
  }
}

/** What stands before the header: it may say whose account it is. */
async function readLinesBefore(
  copyPath: string,
  decoding: Decoding | undefined,
  { headerLine }: FileFormat,
): Promise<string> {
  const pieces: Buffer[] = [];
  let lines: string[] = [];
  for await (const { bytes } of readContent(copyPath, decoding)) {
    if (headerLine === 1) break;
    pieces.push(Buffer.from(bytes));
    lines = Buffer.concat(pieces)
      .toString()
      .replace(/^\ufeff/, '')
      .split(/\r\n|\n|\r/);
    // The header is within the first bytes of a file: nobody would have found it elsewhere.
    if (lines.length > headerLine) break;
  }
  return lines
    .slice(0, headerLine - 1)
    .map((line) => line + LINE_END)
    .join('');
}

async function* readQuarantined(
  database: Database,
  importNo: number,
): AsyncGenerator<{ line: number; faults: Fault[] }> {
  let afterLine = 0;
  for (;;) {
    const page = await listExceptions(database, importNo, {
      status: 'quarantined',
      afterLine,
      limit: EXCEPTIONS_PER_PAGE,
    });
    if (page.length === 0) return;
    yield* page;
    afterLine = page.at(-1)!.line;
  }
}

interface QuarantinedFile {
  /** The columns of the file itself: those of an earlier `rows.csv` are made anew. */
  header: readonly string[];
  mended: MendedFile | null;
  delimiter: string;
  /**
   * A row of fewer cells is given as text. In another layout a cell may be empty: a row that lost one would look like a good
   * one, were it filled up.
   */
  cellsMin: number;
}

function openFile(given: readonly string[], layout: FileFormat | null): QuarantinedFile {
  const { delimiter } = layout?.format ?? { delimiter: ',' };
  const mended = openMendedFile(given, delimiter);
  const header = mended?.header ?? given;
  const cellsMin = layout ? countNamed(header) : 0;
  return { header, mended, delimiter, cellsMin };
}

/**
 * A row that could not be cut into the cells of the header stands in `_text` as a whole, and its cells are empty: nothing of
 * the row is lost, and it stays a bad row until it is mended, be it there or in the cells.
 */
function describe(
  given: CsvRecord,
  { header, mended, delimiter, cellsMin }: QuarantinedFile,
  importId: string,
  faults: readonly Fault[],
): string[] {
  const record = mended?.read(given) ?? given;
  const { cells } = record;
  const isCut = record.raw === undefined && cells.length <= header.length && cells.length >= cellsMin;
  const text = isCut ? '' : (record.raw ?? encodeCsvRecord(cells, delimiter).slice(0, -LINE_END.length));
  return [
    ...header.map((_, at) => (isCut ? (cells[at] ?? '') : '')).map(guardCell),
    importId,
    String(record.line),
    faults.map((fault) => fault.column ?? '').join(';'),
    faults.map((fault) => fault.code).join(';'),
    explain(faults),
    guardCell(text),
  ];
}

/** All that is amiss with a row, each sentence once. Of several faults each names its columns. */
function explain(faults: readonly Fault[]): string {
  if (faults.length === 1) return faults[0]!.message;
  const columns = new Map<string, string[]>();
  for (const { column, message } of faults)
    columns.set(message, [...(columns.get(message) ?? []), ...(column === null ? [] : [column])]);
  return [...columns]
    .map(([message, names]) => (names.length > 0 ? `${names.join(', ')}: ${message}` : message))
    .join(' ');
}
