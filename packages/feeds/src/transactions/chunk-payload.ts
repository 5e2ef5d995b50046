import { RefusedDataError } from '@passbook/database';
import { printTransactionRow, ROW_BYTES, type AccountOpening } from '@passbook/ledger';

/*
 * The value of a chunk: one line of JSON that names its accounts, then their rows, account by account, each as
 * `transaction-row` of the ledger says. The processor passes the rows on as they are.
 */

/** Rows of one account and one holder, one after the other. */
export interface ChunkAccount extends AccountOpening {
  rows: number;
}

export function encodeChunkPayload(accounts: readonly ChunkAccount[], rows: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(accounts)}\n`), rows]);
}

/**
 * @returns the accounts, each with its rows
 * @throws RefusedDataError when they are not there: the hash of the payload was right, so whoever made it is another version
 */
export function decodeChunkPayload(payload: Buffer): { account: ChunkAccount; rows: Buffer }[] {
  const end = payload.indexOf(10);
  const accounts = parseAccounts(payload.toString('utf8', 0, end));
  let at = end + 1;
  const parts = accounts.map((account) => {
    const rows = payload.subarray(at, at + account.rows * ROW_BYTES);
    at += account.rows * ROW_BYTES;
    return { account, rows };
  });
  if (at !== payload.length) {
    throw new RefusedDataError(
      `The accounts of the chunk have ${at - end - 1} bytes of rows, but there are ${payload.length - end - 1}.`,
    );
  }
  return parts;
}

/** A payload as text, for a person. @throws RefusedDataError as above */
export function printChunkPayload(payload: Buffer): string {
  const lines = decodeChunkPayload(payload).flatMap(({ account, rows }) => [
    JSON.stringify(account),
    ...Array.from({ length: account.rows }, (_, row) => printTransactionRow(rows, row * ROW_BYTES)),
  ]);
  return lines.join('\n');
}

function parseAccounts(text: string): ChunkAccount[] {
  try {
    const accounts = JSON.parse(text) as Partial<ChunkAccount>[] | null;
    if (Array.isArray(accounts) && accounts.every(isAccount)) return accounts;
  } catch {
    // As below.
  }
  throw new RefusedDataError('The first line of the chunk does not name its accounts.');
}

function isAccount(account: Partial<ChunkAccount> | null): account is ChunkAccount {
  return Boolean(
    account?.numberHash && account.holder && Number.isSafeInteger(account.rows) && account.rows! > 0,
  );
}
