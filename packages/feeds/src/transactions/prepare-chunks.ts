import { RefusedDataError, type Database } from '@passbook/database';
import { openAccounts, type AccountOpening, type KnownAccount, type Posting } from '@passbook/ledger';
import type { ArrivedChunk, PreparedChunk } from '../feed.js';
import { decodeChunkPayload, type ChunkAccount } from './chunk-payload.js';

/** Accounts that are kept in memory: bounds it, and spares a query for each batch. */
const KNOWN_ACCOUNTS_MAX = 200_000;

/** Rows of one account, ready to be posted. */
export interface PreparedPosting extends Posting {
  /** The rows are in another currency than their account: none of them can be posted. */
  otherCurrency: string | null;
}

/** A chunk of transactions, ready to be posted. */
export interface PreparedTransactions extends PreparedChunk {
  content: PreparedPosting[];
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
    const decoded = chunks.map((chunk) => ({ chunk, parts: decodeChunk(chunk) }));
    // The first chunk of an account says who holds it: in the order of the file where there is a choice.
    const inOrder = [...decoded].sort(
      (a, b) => a.chunk.importNo - b.chunk.importNo || a.chunk.chunkNo - b.chunk.chunkNo,
    );
    const accounts = new Map<string, KnownAccount>();
    const openings = new Map<string, AccountOpening>();
    for (const { account: opening } of inOrder.flatMap(({ parts }) => parts)) {
      const { numberHash } = opening;
      const account = known.get(numberHash);
      if (account) accounts.set(numberHash, account);
      else if (!openings.has(numberHash)) openings.set(numberHash, opening);
    }
    if (openings.size > 0) {
      const opened = await openAccounts(database, [...openings.values()]);
      if (known.size + opened.size > KNOWN_ACCOUNTS_MAX) known.clear();
      for (const [hash, account] of opened) {
        accounts.set(hash, account);
        known.set(hash, account);
      }
    }
    return decoded.map(({ chunk, parts }) => ({
      ...chunk,
      content: parts.map(({ account, rows }) =>
        postingOf(chunk.importNo, accounts.get(account.numberHash)!, account, rows),
      ),
    }));
  };
}

/** @throws RefusedDataError when the chunk does not hold what its header says */
function decodeChunk(chunk: ArrivedChunk): ReturnType<typeof decodeChunkPayload> {
  const parts = decodeChunkPayload(chunk.payload);
  const rows = parts.reduce((sum, { account }) => sum + account.rows, 0);
  if (rows === chunk.rows) return parts;
  throw new RefusedDataError(`The chunk holds ${rows} rows where its header announces ${chunk.rows}.`);
}

function postingOf(
  importNo: number,
  account: KnownAccount,
  said: ChunkAccount,
  rows: Buffer,
): PreparedPosting {
  return {
    importNo,
    accountId: account.id,
    rows,
    contradicts: contradicts(account.type, said.type) || !isSameHolder(account.holder, said.holder),
    otherCurrency: said.currency === account.currency ? null : said.currency,
  };
}

function isSameHolder(a: KnownAccount['holder'], b: KnownAccount['holder']): boolean {
  return (['firstName', 'lastName', 'bornOn', 'email'] as const).every(
    (name) => !contradicts(a[name], b[name]),
  );
}

/** Who says nothing contradicts nothing. */
function contradicts(known: string | null, said: string | null): boolean {
  return known !== null && said !== null && known !== said;
}
