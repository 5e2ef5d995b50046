import { RefusedDataError } from '@passbook/database';
import type { Holder, Sums } from '@passbook/ledger';

/*
 * The value of a chunk: one line of JSON that sums up the rows below it, then the rows in COPY text form
 * (`id, occurred_at, amount_minor, line`). The processor passes the rows on as they are.
 */

/** Sums of one month: `YYYY-MM`, rows, credits, their sum, debits, their sum. Sums in minor units, as decimal text. */
type MonthTuple = [string, number, number, string, number, string];

export interface ChunkSummary {
  account: { numberHash: string; last4: string; type: string; currency: string };
  holder: Holder;
  months: MonthTuple[];
}

/** The first line of a payload; the rows follow it. */
export function encodeSummary(summary: ChunkSummary): Buffer {
  return Buffer.from(`${JSON.stringify(summary)}\n`);
}

/** @throws RefusedDataError when the payload has no summary: its hash was right, so whoever made it is another version */
export function decodePayload(payload: Buffer): { summary: ChunkSummary; rowsText: string } {
  const end = payload.indexOf(10);
  const summary = parseSummary(payload.toString('utf8', 0, end));
  // The rows are ASCII: ids, times, numbers.
  return { summary, rowsText: payload.toString('latin1', end + 1) };
}

function parseSummary(text: string): ChunkSummary {
  try {
    const summary = JSON.parse(text) as Partial<ChunkSummary> | null;
    if (summary?.account && summary.holder && Array.isArray(summary.months)) return summary as ChunkSummary;
  } catch {
    // As below.
  }
  throw new RefusedDataError('The first line of the chunk is no summary.');
}

export function encodeMonths(months: ReadonlyMap<string, Sums>): MonthTuple[] {
  return [...months].map(([month, sums]) => [
    month,
    sums.rows,
    sums.creditCount,
    String(sums.creditSumMinor),
    sums.debitCount,
    String(sums.debitSumMinor),
  ]);
}

export function decodeMonth([month, rows, creditCount, creditSum, debitCount, debitSum]: MonthTuple): Sums & {
  month: string;
} {
  return {
    month,
    rows,
    creditCount,
    creditSumMinor: BigInt(creditSum),
    debitCount,
    debitSumMinor: BigInt(debitSum),
  };
}
