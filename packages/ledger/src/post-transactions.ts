import { copyIn, RefusedDataError, type Transaction } from '@passbook/database';
import { encodeStagedTuples, encodeTuples, type RowsToCopy } from './copy-transactions.js';
import { addSums, sumRows, type MonthSums } from './sums.js';
import { ROW_BYTES } from './transaction-row.js';

/*
 * The one way of rows into the ledger, in the caller's transaction. The order of locks is the same everywhere:
 * accounts (sorted by id), then rows, months, sums of the import, balances.
 *
 * Direct: COPY straight into `transactions`; the sums are those of all rows. Any id that is there already
 * ends the transaction with a unique violation of `transactions_pkey`.
 * Staged: the caller rolls back and runs the same batch again. The rows go through a temporary table, those whose id is
 * taken stay out, and every figure is taken from the rows that were inserted.
 */

/** Rows of one account and one import. `contradicts`: they say something else of the holder than what is known. */
export type Posting = RowsToCopy;

/** A row whose id the account has already. */
export interface Collision {
  importNo: number;
  line: bigint;
  /** Same time and amount: a duplicate. Otherwise a conflict. */
  isSame: boolean;
  /** Where the first one came from; null when it is no row of a file. */
  firstImportNo: number | null;
  firstLine: bigint | null;
}

export interface PostingOutcome {
  posted: { importNo: number; rows: number; contradictions: number }[];
  collisions: Collision[];
}

/** The primary key whose violation asks for the staged way. */
export const TRANSACTIONS_KEY = 'transactions_pkey';

/** Posts rows the direct way. @throws a unique violation of TRANSACTIONS_KEY when an id is taken */
export async function postTransactions(
  trx: Transaction,
  postings: readonly Posting[],
): Promise<PostingOutcome> {
  const sorted = await lockAccounts(trx, postings);
  const copied = await copyIn(
    trx,
    `copy transactions (account_id, import_no, id, occurred_at, amount_minor, line) from stdin (format binary)`,
    encodeTuples(sorted),
  );
  expectRows(copied, postings);
  await addSums(trx, sumRows(sorted));
  return { posted: countPostings(postings), collisions: [] };
}

/** Posts those rows whose id is free. */
export async function postTransactionsStaged(
  trx: Transaction,
  postings: readonly Posting[],
): Promise<PostingOutcome> {
  const sorted = await lockAccounts(trx, postings);
  await trx.query(
    `create temporary table staged (account_id bigint, import_no integer, id uuid, occurred_at timestamptz,
       amount_minor bigint, line bigint, month integer, contradicts boolean) on commit drop`,
  );
  const copied = await copyIn(trx, 'copy staged from stdin (format binary)', encodeStagedTuples(sorted));
  expectRows(copied, postings);
  await trx.query(
    `insert into transactions (account_id, import_no, id, occurred_at, amount_minor, line)
     select account_id, import_no, id, occurred_at, amount_minor, line from staged order by account_id, id, line
     on conflict (account_id, id) do nothing`,
  );
  const inserted = await readInserted(trx);
  await addSums(trx, inserted);
  return { posted: countInserted(inserted), collisions: await readCollisions(trx) };
}

/** A row is ours if it came from this line of this import: then this very statement sequence inserted it. */
const sameRow = 't.import_no = s.import_no and t.line = s.line';

type InsertedSums = MonthSums & { contradictions: number };

async function readInserted(trx: Transaction): Promise<InsertedSums[]> {
  const { rows } = await trx.query<Record<keyof InsertedSums, string | bigint | number>>(
    `select s.import_no as "importNo", s.account_id as "accountId", s.month, count(*)::integer as rows,
            (count(*) filter (where t.amount_minor > 0))::integer as "creditCount",
            coalesce(sum(t.amount_minor) filter (where t.amount_minor > 0), 0) as "creditSumMinor",
            (count(*) filter (where t.amount_minor < 0))::integer as "debitCount",
            coalesce(sum(t.amount_minor) filter (where t.amount_minor < 0), 0) as "debitSumMinor",
            (count(*) filter (where s.contradicts))::integer as contradictions
     from staged s join transactions t using (account_id, id) where ${sameRow} group by 1, 2, 3 order by 2, 3`,
  );
  return rows.map((row) => ({
    ...(row as unknown as InsertedSums),
    creditSumMinor: BigInt(row.creditSumMinor),
    debitSumMinor: BigInt(row.debitSumMinor),
  }));
}

/** In a statement later than the insert: only it sees a row that another transaction committed while the insert waited. */
async function readCollisions(trx: Transaction): Promise<Collision[]> {
  const { rows } = await trx.query<Collision>(
    `select s.import_no as "importNo", s.line, t.import_no as "firstImportNo", t.line as "firstLine",
            t.occurred_at = s.occurred_at and t.amount_minor = s.amount_minor as "isSame"
     from staged s join transactions t using (account_id, id) where (${sameRow}) is not true
     order by s.import_no, s.line`,
  );
  return rows;
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

function expectRows(copied: number, postings: readonly Posting[]): void {
  const expected = postings.reduce((sum, posting) => sum + countRows(posting), 0);
  if (copied !== expected)
    throw new RefusedDataError(`COPY took ${copied} rows where the chunks hold ${expected}.`);
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

function countInserted(inserted: readonly InsertedSums[]): PostingOutcome['posted'] {
  return inserted.map(({ importNo, rows, contradictions }) => ({ importNo, rows, contradictions }));
}
