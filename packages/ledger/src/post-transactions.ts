import { copyIn, RefusedDataError, type Transaction } from '@passbook/database';
import { encodeTuples, moveBytes, type RowsToCopy } from './copy-transactions.js';
import { addSums, sumRows } from './sums.js';
import { readLine, ROW_BYTES } from './transaction-row.js';

/*
 * The one way of rows into the ledger, in the caller's transaction. The order of locks is the same everywhere:
 * accounts (sorted by id), then rows, months, sums of the import, balances.
 *
 * Direct: COPY straight into `transactions`; the sums are those of all rows. Any id that is there already
 * ends the transaction with a unique violation of `transactions_pkey`.
 * Staged: the caller rolls back and runs the same batch again. The rows go through a temporary table, those whose id is
 * taken stay out, and every figure is taken from the rows that were inserted. No statement reads more of `transactions`
 * than the rows that are met there, however many it has.
 */

/** Rows of one account and one import. */
export interface Posting extends RowsToCopy {
  /** They say something else of the holder than what is known. */
  contradicts: boolean;
}

/** A row whose id the account has already. */
export interface Collision {
  importNo: number;
  line: number;
  /** Same time and amount: a duplicate. Otherwise a conflict. */
  isSame: boolean;
  /** Where the first one came from; null when it is no row of a file. */
  firstImportNo: number | null;
  firstLine: number | null;
}

export interface PostingOutcome {
  posted: { importNo: number; rows: number; contradictions: number }[];
  collisions: Collision[];
}

/** The primary key whose violation asks for the staged way. */
export const TRANSACTIONS_KEY = 'transactions_pkey';

/** In the order of `encodeTuples`. */
const columns = 'account_id, import_no, id, occurred_at, amount_minor, line';

/** Posts rows the direct way. @throws a unique violation of TRANSACTIONS_KEY when an id is taken */
export async function postTransactions(
  trx: Transaction,
  postings: readonly Posting[],
): Promise<PostingOutcome> {
  const sorted = await lockAccounts(trx, postings);
  const copied = await copyIn(
    trx,
    `copy transactions (${columns}) from stdin (format binary)`,
    encodeTuples(sorted),
  );
  expectRows(copied, postings);
  await addSums(trx, sumRows(sorted));
  return { posted: countPostings(postings), collisions: [] };
}

/** Posts those rows whose id is free. @throws RefusedDataError when a line of an import comes a second time */
export async function postTransactionsStaged(
  trx: Transaction,
  postings: readonly Posting[],
): Promise<PostingOutcome> {
  const sorted = await lockAccounts(trx, postings);
  await trx.query('create temporary table staged (like transactions) on commit drop');
  const copied = await copyIn(
    trx,
    `copy staged (${columns}) from stdin (format binary)`,
    encodeTuples(sorted),
  );
  expectRows(copied, postings);
  const { rowCount } = await trx.query(
    `insert into transactions (${columns}) select ${columns} from staged order by account_id, id, line
     on conflict (account_id, id) do nothing`,
  );
  const collisions = await readCollisions(trx);
  const inserted = leaveOut(sorted, collisions);
  expectRows(rowCount, inserted);
  await addSums(trx, sumRows(inserted));
  return { posted: countPostings(inserted), collisions };
}

/**
 * In a statement later than the insert: only it sees a row that another transaction committed while the insert waited.
 * A row is ours if it came from this line of this import: then this very statement sequence inserted it. Each is looked up
 * by itself: a join would read all transactions that there are, for each batch.
 */
async function readCollisions(trx: Transaction): Promise<Collision[]> {
  const { rows } = await trx.query<Collision>(
    `select s.import_no as "importNo", s.line::double precision as line, t.import_no as "firstImportNo",
            t.line::double precision as "firstLine",
            t.occurred_at = s.occurred_at and t.amount_minor = s.amount_minor as "isSame"
     from staged s cross join lateral (
       select * from transactions t where t.account_id = s.account_id and t.id = s.id offset 0) t
     where (t.import_no = s.import_no and t.line = s.line) is not true
     order by s.import_no, s.line`,
  );
  return rows;
}

/** The postings without the rows that collided. */
function leaveOut(postings: readonly Posting[], collisions: readonly Collision[]): Posting[] {
  const lines = new Map<number, Set<number>>();
  for (const { importNo, line } of collisions) {
    if (!lines.has(importNo)) lines.set(importNo, new Set());
    lines.get(importNo)!.add(line);
  }
  return postings.map((posting) => {
    const collided = lines.get(posting.importNo);
    if (!collided) return posting;
    const rows = Buffer.allocUnsafe(posting.rows.length);
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_BYTES) {
      if (collided.has(readLine(posting.rows, at))) continue;
      moveBytes(posting.rows, at, rows, end, ROW_BYTES);
      end += ROW_BYTES;
    }
    return { ...posting, rows: rows.subarray(0, end) };
  });
}

/** Locks the accounts in the order of their ids, as everyone who changes a balance does. @returns the postings in that order */
async function lockAccounts(trx: Transaction, postings: readonly Posting[]): Promise<Posting[]> {
  const ids = [...new Set(postings.map((posting) => posting.accountId))];
  const { rowCount } = await trx.query(
    'select from accounts where id = any($1) order by id for no key update',
    [ids],
  );
  if (rowCount !== ids.length) throw new Error(`Of ${ids.length} accounts ${rowCount} could be locked.`);
  return [...postings].sort((a, b) => (a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : 0));
}

function expectRows(taken: number | null, postings: readonly Posting[]): void {
  const expected = postings.reduce((sum, posting) => sum + countRows(posting), 0);
  if (taken !== expected)
    throw new RefusedDataError(`Postgres took ${taken} rows where the chunks hold ${expected}.`);
}

function countPostings(postings: readonly Posting[]): PostingOutcome['posted'] {
  return postings.map((posting) => {
    const rows = countRows(posting);
    return { importNo: posting.importNo, rows, contradictions: posting.contradicts ? rows : 0 };
  });
}

function countRows(posting: Posting): number {
  return posting.rows.length / ROW_BYTES;
}
