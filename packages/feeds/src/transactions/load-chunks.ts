import type { Transaction } from '@passbook/database';
import { copyExceptions, type RowException } from '@passbook/imports';
import {
  postTransactions,
  postTransactionsStaged,
  readLine,
  ROW_BYTES,
  type Collision,
  type PostingOutcome,
} from '@passbook/ledger';
import type { LoadOutcome } from '../feed.js';
import { fault } from './check-cell.js';
import type { PreparedPosting, PreparedTransactions } from './prepare-chunks.js';

/** Posts prepared chunks and records the rows that could not be posted, in the caller's transaction. */
export async function loadTransactionChunks(
  trx: Transaction,
  chunks: readonly PreparedTransactions[],
  way: 'direct' | 'staged',
): Promise<LoadOutcome[]> {
  const all = chunks.flatMap((chunk) => chunk.content);
  const postings = all.filter((posting) => posting.otherCurrency === null);
  const outcome =
    way === 'direct' ? await postTransactions(trx, postings) : await postTransactionsStaged(trx, postings);
  const exceptions = [...(await explainCollisions(trx, outcome.collisions)), ...refuseOtherCurrencies(all)];
  if (exceptions.length > 0) await copyExceptions(trx, exceptions);
  return sumUp(chunks, outcome, exceptions);
}

type ImportException = RowException & { importNo: number };

async function explainCollisions(
  trx: Transaction,
  collisions: readonly Collision[],
): Promise<ImportException[]> {
  if (collisions.length === 0) return [];
  const { rows } = await trx.query<{ no: number; id: string }>(
    'select no, id from imports where no = any($1)',
    [[...new Set(collisions.map((collision) => collision.firstImportNo))]],
  );
  const importIds = new Map(rows.map((row) => [row.no, row.id]));
  return collisions.map((collision) => {
    const { importNo, firstImportNo, firstLine } = collision;
    const place =
      firstImportNo === null ? null : { importId: importIds.get(firstImportNo)!, line: Number(firstLine) };
    const first =
      place === null
        ? 'a transaction that was posted otherwise'
        : `line ${place.line} of ${firstImportNo === importNo ? 'this file' : `import ${place.importId}`}`;
    const explanation = collision.isSame
      ? fault('operation_id', 'DUPLICATE', `The row repeats ${first}.`)
      : fault(
          'operation_id',
          'CONFLICT',
          `The id is that of ${first}, which has another time or amount. Give the row an id of its own if it is another transaction.`,
        );
    return {
      importNo,
      line: collision.line,
      status: collision.isSame ? 'duplicate' : 'quarantined',
      faults: [{ ...explanation, first: place }],
    };
  });
}

function refuseOtherCurrencies(postings: readonly PreparedPosting[]): ImportException[] {
  return postings
    .filter((posting) => posting.otherCurrency !== null)
    .flatMap(({ importNo, rows, otherCurrency }) =>
      Array.from({ length: rows.length / ROW_BYTES }, (_, row) => ({
        importNo,
        line: readLine(rows, row * ROW_BYTES),
        status: 'quarantined' as const,
        faults: [fault(null, 'CURRENCY', `The row is in ${otherCurrency}, its account in another currency.`)],
      })),
    );
}

function sumUp(
  chunks: readonly PreparedTransactions[],
  outcome: PostingOutcome,
  exceptions: readonly ImportException[],
): LoadOutcome[] {
  const outcomes = new Map<number, LoadOutcome>();
  for (const { importNo } of chunks) {
    outcomes.set(importNo, { importNo, rowsPosted: 0, rowsDuplicate: 0, rowsConflict: 0, contradictions: 0 });
  }
  for (const { importNo, rows, contradictions } of outcome.posted) {
    const one = outcomes.get(importNo)!;
    one.rowsPosted += rows;
    one.contradictions += contradictions;
  }
  for (const { importNo, status } of exceptions) {
    const one = outcomes.get(importNo)!;
    if (status === 'duplicate') one.rowsDuplicate += 1;
    else one.rowsConflict += 1;
  }
  return [...outcomes.values()];
}
