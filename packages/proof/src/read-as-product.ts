import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNKING_VERSION, identifyFile } from '@passbook/chunker';
import type { Encoding } from '@passbook/csv';
import { readRows, takeRow, type Feed, type FileFormat, type Format, type RowReader } from '@passbook/feeds';
import type { Chunking, Fault } from '@passbook/imports';

/** A row that would be posted. */
export interface TakenRow {
  line: number;
  id: string;
  /** RFC 3339 in UTC, to the millisecond. */
  occurredAt: string;
  amountMinor: bigint;
  last4: string;
  /** First name, last name, date of birth, e-mail and type, between NULs. */
  holder: string;
}

/** What the product makes of a file, before it asks the database. */
export type ProductReading =
  | { kind: 'refused' | 'held'; code: string }
  | {
      kind: 'read';
      format: FileFormat | null;
      encoding: Encoding;
      /** Where each row begins, in the order of the file. */
      lines: number[];
      taken: TakenRow[];
      faulty: Map<number, Fault[]>;
    };

/** Reads a file in the way of the chunker, up to its chunks. @param claimed where its private copy may lie */
export async function readAsProduct(
  path: string,
  claimed: string,
  { feeds, formats }: { feeds: readonly Feed[]; formats: readonly Format[] },
): Promise<ProductReading> {
  const found = await identifyFile(path, {
    claimed,
    feeds,
    formats,
    fileBytesMax: Number.MAX_SAFE_INTEGER,
    onCopied: () => {},
    signal: new AbortController().signal,
  });
  const copyPath = join(claimed, found.copyName);
  try {
    if (found.refusal) return { kind: 'refused', code: found.refusal.code };
    if (found.hold) return { kind: 'held', code: found.hold.code };
    const { decoding, format, feed } = found;
    const chunking: Chunking = {
      version: CHUNKING_VERSION,
      timeZone: 'UTC',
      currency: 'USD',
      windowRows: Number.MAX_SAFE_INTEGER,
      decoding,
      ...(format && { format }),
    };
    return {
      kind: 'read',
      format,
      encoding: decoding.encoding,
      ...(await takeRows(copyPath, feed!, chunking)),
    };
  } finally {
    await rm(copyPath);
  }
}

async function takeRows(copyPath: string, feed: Feed, chunking: Chunking) {
  const lines: number[] = [];
  const faulty = new Map<number, Fault[]>();
  let reader: RowReader | undefined;
  for await (const { rows } of readRows(copyPath, chunking)) {
    while (rows.next()) {
      reader ??= feed.makeRowReader(rows.header, chunking);
      lines.push((rows.plain() ?? rows.record()).line);
      const bad = takeRow(reader, rows);
      if (bad) faulty.set(bad.line, bad.faults);
    }
  }
  const taken: TakenRow[] = [];
  for (const { payload } of reader?.drain() ?? []) taken.push(...parsePrinted(feed.printPayload(payload)));
  return { lines, faulty, taken };
}

interface PrintedAccount {
  last4: string;
  type: string | null;
  holder: Record<'firstName' | 'lastName' | 'bornOn' | 'email', string | null>;
}

/** What `dead-letters show` prints of a chunk. */
function parsePrinted(text: string): TakenRow[] {
  const taken: TakenRow[] = [];
  let account: PrintedAccount | undefined;
  for (const line of text.split('\n')) {
    const row = /^line (\d+) {2}(\S+) {2}(\S+) {2}(-?\d+)$/.exec(line);
    if (!row) {
      account = JSON.parse(line) as PrintedAccount;
      continue;
    }
    const { firstName, lastName, bornOn, email } = account!.holder;
    taken.push({
      line: Number(row[1]),
      id: row[2]!,
      occurredAt: row[3]!,
      amountMinor: BigInt(row[4]!),
      last4: account!.last4,
      holder: [firstName, lastName, bornOn, email, account!.type].join('\0'),
    });
  }
  return taken;
}
