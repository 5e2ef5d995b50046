import { encodeCsvRecord, readRecords, type CsvRecord } from '@passbook/csv';
import type { Database } from '@passbook/database';
import { listQuarantined, type Fault, type Import } from '@passbook/imports';

/** What is added to the columns of the file. A corrected file may be dropped with them. */
const ownColumns = ['_import', '_line', '_column', '_code', '_message'];

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
  let columns: { kept: number[]; count: number } | undefined;
  for await (const { records } of readRecords(copyPath, { decoding: one.chunking.decoding })) {
    const lines: string[] = [];
    for (const record of records) {
      if (!columns) {
        columns = keptColumns(record.cells);
        lines.push(encodeCsvRecord([...columns.kept.map((at) => record.cells[at]!), ...ownColumns]));
        continue;
      }
      if (next.done) break;
      if (record.line !== next.value.line) continue;
      lines.push(encodeCsvRecord(describe(record, columns, one.id, next.value.faults)));
      next = await exceptions.next();
    }
    yield lines.join('');
    if (next.done) break;
  }
}

async function* readQuarantined(
  database: Database,
  importNo: number,
): AsyncGenerator<{ line: number; faults: Fault[] }> {
  let afterLine = 0;
  for (;;) {
    const page = await listQuarantined(database, importNo, afterLine, EXCEPTIONS_PER_PAGE);
    if (page.length === 0) return;
    yield* page;
    afterLine = page.at(-1)!.line;
  }
}

/** The columns of the file itself: those of an earlier `rows.csv` are made anew. */
function keptColumns(header: readonly string[]): { kept: number[]; count: number } {
  const kept = header.flatMap((name, at) => (ownColumns.includes(name) ? [] : [at]));
  return { kept, count: header.length };
}

/**
 * Cells beyond the header come last, and so does the text of a line that could not be cut into cells: nothing of the row
 * is lost, and it stays a bad row until it is mended.
 */
function describe(
  record: CsvRecord,
  columns: { kept: number[]; count: number },
  importId: string,
  faults: readonly Fault[],
): string[] {
  return [
    ...columns.kept.map((at) => record.cells[at] ?? ''),
    importId,
    String(record.line),
    faults.map((fault) => fault.column ?? '').join(';'),
    faults.map((fault) => fault.code).join(';'),
    faults.map((fault) => fault.message).join('; '),
    ...(record.raw === undefined ? record.cells.slice(columns.count) : [record.raw]),
  ];
}
