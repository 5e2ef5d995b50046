/*
 * What programs ask of the ledger, and what becomes of it. Amounts are minor units, above 0; times are text, RFC 3339 in
 * UTC with up to six decimals of a second: neither is ever a float or a Date.
 */

/** What moves. The other side of a deposit and of a withdrawal is the world, which has no balance. */
export type Movement =
  | { kind: 'deposit'; toAccountId: bigint; amountMinor: bigint; currency: string }
  | { kind: 'withdrawal'; fromAccountId: bigint; amountMinor: bigint; currency: string }
  | {
      kind: 'transfer';
      fromAccountId: bigint;
      toAccountId: bigint;
      amountMinor: bigint;
      /** Of both accounts. */
      currency: string;
    }
  /** The same amount the other way, once: the only way to correct a transfer. */
  | { kind: 'reversal'; reverses: string };

/** A movement that is applied once, however often it is asked for. */
export type Operation = Movement & {
  /** Whose key it is: the same key of another caller is another key. */
  caller: string;
  /** Kept as long as the ledger. */
  key: string;
  /** Of all that the caller has asked for: the same key with another hash is a mistake of theirs. */
  requestHash: Buffer;
  /** A UUID: the id of the transfer, and of its transaction in each account. */
  transferId: string;
  /** When it takes effect; null: now, by the database's clock. Whether there is enough money is always asked of now. */
  occurredAt: string | null;
  /** Which refusals are the answer to their key for ever. Those that are not kept can pass when they are asked for again. */
  refusalsKept: 'all' | 'all but for lack of money' | 'none';
  /** Only wallets are meant, whose balance is never below zero; an account that may be overdrawn is unknown then. */
  ofWallets?: boolean;
};

/** Why an operation is not applied; nothing has changed then. */
export type RefusalReason =
  /** There is no such account. */
  | 'ACCOUNT_UNKNOWN'
  /** Both sides are one account. */
  | 'ACCOUNTS_MUST_DIFFER'
  /** The account is in another currency. */
  | 'CURRENCY_MISMATCH'
  /** The balance would be below the least that the account may have. */
  | 'INSUFFICIENT_FUNDS'
  /** The balance, or the sum of a month, would not fit 63 bits. */
  | 'BALANCE_OUT_OF_RANGE'
  /** A transfer has this id, or a transaction of the account: a row of a file, say. */
  | 'ID_TAKEN'
  /** There is no transfer that could be reversed. */
  | 'TRANSFER_UNKNOWN'
  | 'ALREADY_REVERSED';

/** A transfer as it was posted. It never changes. */
export interface Transfer {
  id: string;
  kind: Movement['kind'];
  /** Null: the world. */
  fromAccountId: bigint | null;
  /** Null: the world. */
  toAccountId: bigint | null;
  amountMinor: bigint;
  /** ISO 4217 */
  currency: string;
  /** When it takes effect. */
  occurredAt: string;
  postedAt: string;
  /** The balances just after it; null of the world. */
  fromBalanceMinor: bigint | null;
  toBalanceMinor: bigint | null;
  /** The transfer that this one is the reversal of. */
  reverses: string | null;
}

/** What became of an operation. */
export type Outcome =
  /** `replayed`: its key was known, and this is what it was the key of. */
  | { status: 'posted' | 'replayed'; transfer: Transfer }
  | {
      status: 'refused' | 'refusal replayed';
      reason: RefusalReason;
      /** The account that it is about; null where it is about none. */
      accountId: bigint | null;
    }
  /** An operation with this key is at work just now: ask again later. */
  | { status: 'in flight' }
  /** The key was used for something else. */
  | { status: 'key reused' };

/** Posts operations. */
export interface Poster {
  /**
   * Applies an operation once: as a whole, or not at all. Operations that come together share one commit, and each has an
   * outcome of its own.
   * @throws what the database throws when it stays away: then nobody knows yet what came of it, and the same operation asked
   *   for again finds out. RangeError for an amount that is not above 0, and for a time outside the years 1 to 9999; PosterBusyError.
   */
  post(operation: Operation): Promise<Outcome>;
  /** Takes no more, and returns when all that it has taken is answered. */
  stop(): Promise<void>;
}

/** More operations wait than can be answered soon. Nothing was done. */
export class PosterBusyError extends Error {
  override readonly name = 'PosterBusyError';
}
