import { readRows, takeRow, type Feed, type RowReader } from '@passbook/feeds';
import type { Chunking, Fault, Refusal } from '@passbook/imports';
import type { RejectThreshold } from '@passbook/runtime';
import { refuse } from './recognise-file.js';

/** So many lines are named. */
const LINES_NAMED = 5;

/** What was found to be bad in a file. */
export interface Rejects {
  rowsRead: number;
  rowsBad: number;
  /** How many faults have this code. */
  codes: ReadonlyMap<string, number>;
  firstLines: readonly number[];
}

/**
 * Reads all rows of a private copy before any is sent, as `sendChunks` will, and counts those with faults. Memory is that of
 * one window. Rows that only the ledger can know (CONFLICT, CURRENCY) are no part of it.
 * @throws the reason of the signal when it aborts
 */
export async function countRejects(
  copyPath: string,
  feed: Feed,
  chunking: Chunking,
  signal: AbortSignal,
): Promise<Rejects> {
  const codes = new Map<string, number>();
  const firstLines: number[] = [];
  let reader: RowReader | undefined;
  let rowsRead = 0;
  let rowsBad = 0;
  const reject = (line: number, faults: readonly Fault[]): void => {
    rowsBad += 1;
    if (firstLines.length < LINES_NAMED) firstLines.push(line);
    for (const { code } of faults) codes.set(code, (codes.get(code) ?? 0) + 1);
  };
  for await (const { rows } of readRows(copyPath, chunking)) {
    signal.throwIfAborted();
    while (rows.next()) {
      reader ??= feed.makeRowReader(rows.header, chunking, { isCounting: true });
      rowsRead += 1;
      const bad = takeRow(reader, rows);
      if (bad) reject(bad.line, bad.faults);
      // Nothing is made of the window: it is only emptied.
      if (rowsRead % chunking.windowRows === 0) reader.discard();
    }
  }
  return { rowsRead, rowsBad, codes, firstLines };
}

/** Whether a file has more bad rows than may be; then why it is refused. Pure. */
export function judgeRejects(
  { rowsRead, rowsBad, codes, firstLines }: Rejects,
  threshold: RejectThreshold,
): Refusal | null {
  const mayBe = 'rows' in threshold ? threshold.rows : (rowsRead * threshold.thousandths) / 100_000;
  if (rowsBad <= mayBe) return null;
  const counts = [...codes]
    .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
    .map(([code, count]) => `${count} ${code}`);
  return refuse(
    'TOO_MANY_REJECTS',
    `${rowsBad} of ${rowsRead} rows are bad, and REJECT_THRESHOLD is ${threshold.text}: ${counts.join(', ')}. The first of them ${firstLines.length === 1 ? 'is on line' : 'are on lines'} ${firstLines.join(', ')}.`,
    'Mend them, or raise REJECT_THRESHOLD: then the other rows are posted, and these go to quarantine/.',
    { line: firstLines[0] ?? null, byteOffset: null },
  );
}
