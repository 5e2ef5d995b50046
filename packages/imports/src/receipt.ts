import type { Queryable } from '@passbook/database';
import { isRepeat } from './find-drops.js';

/** What a file became. Counts are of rows; amounts are decimal strings; times RFC 3339 in UTC. */
export interface Receipt {
  importId: string;
  /** The name under which the file was dropped. */
  file: string;
  sha256: string;
  feed: string | null;
  state: string;
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsQuarantined: number;
  /** Accounts with at least one posted row: exactly these get a statement. */
  accounts: number;
  /** Those of them to which no mail can go: their statements are in reports/ alone. */
  accountsWithoutAddress: number;
  /** Net; null where the feed has no money, or the import several currencies. */
  amountPosted: string | null;
  contradictions: number;
  startedAt: string;
  finishedAt: string | null;
  /** The import that posted these bytes before, when this drop posted nothing. */
  duplicateOf: string | null;
  /** What people are to know of it, where there is something. */
  note?: string;
}

interface ReceiptRow {
  importId: string;
  file: string;
  sha256: string;
  feed: string | null;
  state: string;
  rowsRead: bigint;
  rowsPosted: bigint;
  rowsDuplicate: bigint;
  rowsQuarantined: bigint;
  accounts: bigint;
  contradictions: bigint;
  startedAt: string;
  finishedAt: string | null;
  note: string | null;
  isRepeat: boolean;
}

/** What a feed adds to a receipt. */
export type CountPosted = (
  database: Queryable,
  importNo: number,
) => Promise<{
  accounts: number;
  /** To which no mail can go. */
  accountsWithoutAddress: number;
  /** Net; null where the feed has no money, or the import several currencies. */
  amountPosted: string | null;
  /** Of the amount, by ISO 4217. */
  currency: string | null;
}>;

/**
 * The receipt of one drop. The first drop of an import gets the counts of the import; every later drop of the same bytes
 * posted nothing and says of which import it is a duplicate. Depends on what is stored alone: the same receipt each time.
 */
export async function readReceipt(
  database: Queryable,
  dropNo: number,
  countPosted: CountPosted,
): Promise<Receipt> {
  const { rows } = await database.query<ReceiptRow & { importNo: number }>(
    `select i.no as "importNo", i.id as "importId", regexp_replace(d.path, '^.*/', '') as file, i.sha256, i.feed, i.state,
            i.rows_read as "rowsRead", i.rows_posted as "rowsPosted", i.rows_duplicate as "rowsDuplicate",
            i.rows_invalid + i.rows_conflict as "rowsQuarantined", i.contradictions,
            i.started_at as "startedAt", i.loaded_at as "finishedAt", i.note,
            ${isRepeat} as "isRepeat"
     from drops d join imports i on i.no = d.import_no where d.no = $1`,
    [dropNo],
  );
  const row = rows[0];
  if (!row) throw new Error(`There is no drop ${dropNo}.`);
  const posted = await countPosted(database, row.importNo);
  const counts = row.isRepeat
    ? {
        rowsPosted: 0,
        rowsDuplicate: Number(row.rowsPosted + row.rowsDuplicate),
        accounts: 0,
        accountsWithoutAddress: 0,
        contradictions: 0,
      }
    : {
        rowsPosted: Number(row.rowsPosted),
        rowsDuplicate: Number(row.rowsDuplicate),
        accounts: posted.accounts,
        accountsWithoutAddress: posted.accountsWithoutAddress,
        contradictions: Number(row.contradictions),
      };
  return {
    importId: row.importId,
    file: row.file,
    sha256: row.sha256,
    feed: row.feed,
    state: row.state,
    rowsRead: Number(row.rowsRead),
    rowsPosted: counts.rowsPosted,
    rowsDuplicate: counts.rowsDuplicate,
    rowsQuarantined: Number(row.rowsQuarantined),
    accounts: counts.accounts,
    accountsWithoutAddress: counts.accountsWithoutAddress,
    amountPosted:
      row.isRepeat && posted.amountPosted !== null ? zeroLike(posted.amountPosted) : posted.amountPosted,
    contradictions: counts.contradictions,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    duplicateOf: row.isRepeat ? row.importId : null,
    ...(row.note !== null && { note: row.note }),
  };
}

/**
 * The receipt of an import: that of its first drop. The import is loaded.
 * @throws when there is no such import
 */
export async function readImportReceipt(
  database: Queryable,
  importNo: number,
  countPosted: CountPosted,
): Promise<Receipt> {
  const { rows } = await database.query<{ no: number | null }>(
    'select min(no) as no from drops where import_no = $1 and refusal is null',
    [importNo],
  );
  const dropNo = rows[0]?.no ?? null;
  if (dropNo === null) throw new Error(`Import ${importNo} has no drop.`);
  return readReceipt(database, dropNo, countPosted);
}

/** `-1234.56` → `0.00`: nothing, in the decimals of that amount. */
function zeroLike(amount: string): string {
  const point = amount.indexOf('.');
  return point < 0 ? '0' : `0.${'0'.repeat(amount.length - point - 1)}`;
}
