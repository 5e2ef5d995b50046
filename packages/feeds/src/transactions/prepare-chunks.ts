import type { Database } from '@passbook/database';
import {
  openAccounts,
  type AccountOpening,
  type Holder,
  type KnownAccount,
  type Posting,
} from '@passbook/ledger';
import type { ArrivedChunk, PreparedChunk } from '../feed.js';
import { decodeMonth, decodePayload, type ChunkSummary } from './chunk-payload.js';

/** Accounts that are kept in memory: bounds it, and spares a query for each batch. */
const KNOWN_ACCOUNTS_MAX = 200_000;

/** A chunk of transactions, ready to be posted. */
export interface PreparedTransactions extends PreparedChunk {
  content: Posting;
  /** The chunk is in another currency than its account: none of its rows can be posted. */
  otherCurrency: string | null;
}

/**
 * Reads chunks and opens their accounts. What an account is (its id, its currency) never changes, so it is remembered,
 * but only after the transaction that opened it has committed.
 */
export function makeChunkPreparer(): (
  database: Database,
  chunks: readonly ArrivedChunk[],
) => Promise<PreparedTransactions[]> {
  const known = new Map<string, KnownAccount>();
  return async (database, chunks) => {
    const decoded = chunks.map((chunk) => ({ chunk, ...decodePayload(chunk.payload) }));
    // The first chunk of an account says who holds it: in the order of the file where there is a choice.
    const inOrder = [...decoded].sort(
      (a, b) => a.chunk.importNo - b.chunk.importNo || a.chunk.chunkNo - b.chunk.chunkNo,
    );
    const accounts = new Map<string, KnownAccount>();
    const openings = new Map<string, AccountOpening>();
    for (const { summary } of inOrder) {
      const { numberHash } = summary.account;
      const account = known.get(numberHash);
      if (account) accounts.set(numberHash, account);
      else if (!openings.has(numberHash)) openings.set(numberHash, openingOf(summary));
    }
    if (openings.size > 0) {
      const opened = await openAccounts(database, [...openings.values()]);
      if (known.size + opened.size > KNOWN_ACCOUNTS_MAX) known.clear();
      for (const [hash, account] of opened) {
        accounts.set(hash, account);
        known.set(hash, account);
      }
    }
    return decoded.map(({ chunk, summary, rowsText }) => {
      const account = accounts.get(summary.account.numberHash)!;
      const currency = summary.account.currency;
      return {
        ...chunk,
        content: postingOf(chunk, account, summary, rowsText),
        otherCurrency: currency === account.currency ? null : currency,
      };
    });
  };
}

function openingOf(summary: ChunkSummary): AccountOpening {
  return { ...summary.account, holder: summary.holder };
}

function postingOf(
  chunk: ArrivedChunk,
  account: KnownAccount,
  summary: ChunkSummary,
  rowsText: string,
): Posting {
  return {
    importNo: chunk.importNo,
    accountId: account.id,
    rowsText,
    rows: chunk.rows,
    sums: summary.months.map((month) => ({
      importNo: chunk.importNo,
      accountId: account.id,
      ...decodeMonth(month),
    })),
    contradicts: account.type !== summary.account.type || !isSameHolder(account.holder, summary.holder),
  };
}

function isSameHolder(a: Holder, b: Holder): boolean {
  return (
    a.firstName === b.firstName && a.lastName === b.lastName && a.bornOn === b.bornOn && a.email === b.email
  );
}
