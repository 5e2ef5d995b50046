import { makeRecordReader } from '@passbook/csv';
import { restoreCell } from '../guard-cell.js';
import type { DiscrepancyCells } from './reconciliation-report.js';

/**
 * Passes a CSV on, and notes its first rows.
 * @param sample gets them, at most so many
 */
export async function* takeSample(
  pieces: AsyncIterable<Buffer>,
  sample: DiscrepancyCells[],
  rowsMax: number,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = new TextDecoder();
  const reader = makeRecordReader();
  let names: readonly string[] | undefined;
  for await (const piece of pieces) {
    if (sample.length < rowsMax)
      for (const { cells } of reader.push(decoder.decode(piece, { stream: true }))) {
        if (!names) names = cells;
        else if (sample.length < rowsMax) sample.push(nameCells(names, cells));
      }
    yield piece;
  }
}

function nameCells(names: readonly string[], cells: readonly string[]): DiscrepancyCells {
  return Object.fromEntries(
    names.map((name, at) => {
      const cell = restoreCell(cells[at] ?? '');
      return [name, cell === '' ? null : cell];
    }),
  );
}
