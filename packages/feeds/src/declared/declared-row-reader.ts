import type { CsvRecord } from '@passbook/csv';
import type { Chunking, Fault } from '@passbook/imports';
import type { Column, RowReader } from '../feed.js';
import { openMendedFile } from '../mended-file.js';
import { normaliseHeaderCell } from '../recognise-header.js';
import { fault, joinFaults } from '../transactions/check-cell.js';
import { checkShape, makeCellCheck } from '../transactions/check-shape.js';
import { hashKeyCell, KEY_HASH_SEED } from './key-hash.js';
import { hasRank, NO_RANK, rankNumber } from './key-rank.js';
import { makeLaneWindow, type LaneWindow } from './lane-window.js';
import { makeCellReader } from './read-cell.js';
import { describeRow } from './row-payload.js';
import { encodeColumns, escapeCell, NULL_CELL } from './row-text.js';
import { makeDeclaredLineTaker } from './take-declared-line.js';

/** What the chunks of a declared feed depend on: it is stored with each import. */
export interface RowSchema {
  columns: readonly Column[];
  key: readonly string[];
  keepsPayload: boolean;
}

/**
 * Reads rows by the columns of a definition: checks each cell, and gathers the good rows lane by lane.
 * @param options.isCounting only the faults are asked for: no row is gathered
 */
export function makeDeclaredRowReader(
  header: readonly string[],
  chunking: Chunking,
  { columns, key, keepsPayload }: RowSchema,
  { isCounting = false }: { isCounting?: boolean } = {},
): RowReader {
  // A mended file is small, and its cells are not as they stand there: it never takes the short way.
  const mended = openMendedFile(header);
  const names = (mended?.header ?? header).map(normaliseHeaderCell);
  const places = columns.map(({ name, constraints }) => ({
    name,
    at: names.indexOf(name),
    isOptional: !constraints.required,
  }));
  const readers = columns.map((column) => makeCellReader(column, chunking.timeZone));
  const checkCells = makeCellCheck(places, chunking.version);
  const isKey = columns.map(({ name }) => key.includes(name));
  const rankColumn =
    chunking.version < 5 ? -1 : columns.findIndex((column) => column.name === key[0] && hasRank(column));
  const lanes = makeLaneWindow(encodeColumns(columns.map(({ name }) => name)));
  const window = isCounting ? { ...lanes, add: () => {} } : lanes;
  const read = (record: CsvRecord): (string | Fault)[] =>
    places.map(({ at }, column) => {
      const cell = record.cells[at]!;
      const found = cell === '' ? NULL_CELL : readers[column]!(cell);
      return cell === '' || typeof found !== 'string' ? found : escapeCell(found);
    });
  return {
    takeLine: mended
      ? () => false
      : makeDeclaredLineTaker({
          columns,
          places,
          readers,
          isKey,
          rankColumn,
          width: names.length,
          window,
        }),
    take(given) {
      const record = mended?.read(given) ?? given;
      const misshapen = checkShape(record, places, names.length, ',');
      if (misshapen) return misshapen;
      const texts = read(record);
      const faults = joinFaults(checkCells(record.cells), texts);
      return faults.length > 0
        ? faults
        : addRow(window, given.line, texts as string[], { isKey, rankColumn });
    },
    ...(keepsPayload && {
      describe: (given: CsvRecord) => describeRow(mended?.read(given) ?? given, names),
    }),
    discard: () => window.clear(),
    drain: () => window.drain(),
  };
}

function addRow(
  window: LaneWindow,
  line: number,
  texts: readonly string[],
  { isKey, rankColumn }: { isKey: readonly boolean[]; rankColumn: number },
): Fault[] | null {
  const row = Buffer.from(`${line}\t${texts.join('\t')}\n`);
  if (row.length > window.rowBytesMax)
    return [fault(null, 'ROW_TOO_LARGE', 'The row is too long to be one.')];
  let hash = KEY_HASH_SEED;
  let rank = NO_RANK;
  for (const [at, text] of texts.entries()) {
    if (!isKey[at]) continue;
    const bytes = Buffer.from(text);
    hash = hashKeyCell(hash, bytes, 0, bytes.length);
    if (at === rankColumn) rank = rankNumber(bytes, 0, bytes.length);
  }
  window.add(row, row.length, hash, rank);
  return null;
}
