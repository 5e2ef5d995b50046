import type { CsvRecord } from '@passbook/csv';

/** A cell of a row that is kept for audit: longer ones are damage, and are cut off. */
const CELL_CHARS_MAX = 10_000;

/**
 * What stood in a row, as JSON for people: its cells by the names of their columns; cells too many in `_extra`; a row that could
 * not be cut into cells as `_text`.
 */
export function describeRow(record: CsvRecord, names: readonly string[]): Record<string, unknown> {
  if (record.raw !== undefined) return { _text: storable(record.raw) };
  const cells = record.cells.map(storable);
  const extra = cells.slice(names.length);
  return {
    ...Object.fromEntries(names.slice(0, cells.length).map((name, at) => [name, cells[at]])),
    ...(extra.length > 0 && { _extra: extra }),
  };
}

/** Postgres takes no NUL and no half of a pair of units into JSON. */
function storable(text: string): string {
  return text
    .slice(0, CELL_CHARS_MAX)
    .replaceAll('\0', '\ufffd')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}
