import { createHash, randomUUID } from 'node:crypto';
import type { Movement, Operation, Outcome, Poster, RefusalReason, Transfer } from '@passbook/ledger';
import type { FastifyReply } from 'fastify';
import { ProblemError } from './problem.js';
import type { ProblemKind } from './problem-kinds.js';

/** Why nothing was posted. */
export interface Refusal {
  reason: RefusalReason;
  accountId: bigint | null;
}

export type LedgerAnswer = { transfer: Transfer } | { refusal: Refusal };

/** What a route asks of the ledger, without what is the same for all. */
export type Asked = Movement &
  Pick<Operation, 'refusalsKept' | 'occurredAt' | 'ofWallets'> & {
    /** Whose key; an operation without a key is asked for once only. */
    caller: string;
    key: string | null;
    /** What the same key may be used for again: the route, and all that it was asked. */
    request: readonly unknown[];
    /** Chosen by the sender; null: any. */
    transferId: string | null;
  };

/** So long a caller who did not choose the key waits for what was asked under it before. */
const IN_FLIGHT_MS = 10_000;
const IN_FLIGHT_PAUSE_MS = 25;

/**
 * Posts what a route asks for, once for each key, and marks the answer if it is the answer of an earlier request.
 * @throws ProblemError when the key is at work just now or was used for something else
 */
export async function askLedger(poster: Poster, reply: FastifyReply, asked: Asked): Promise<LedgerAnswer> {
  const outcome = await poster.post(toOperation(asked));
  return readOutcome(outcome, reply);
}

/** The same, but where the key is at work just now its outcome is waited for. */
export async function askLedgerPatiently(
  poster: Poster,
  reply: FastifyReply,
  asked: Asked,
): Promise<LedgerAnswer> {
  const until = Date.now() + IN_FLIGHT_MS;
  const operation = toOperation(asked);
  let outcome = await poster.post(operation);
  while (outcome.status === 'in flight' && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, IN_FLIGHT_PAUSE_MS));
    outcome = await poster.post(operation);
  }
  return readOutcome(outcome, reply);
}

/** How a refusal is told below /v1. */
export function refusalProblem({ reason, accountId }: Refusal): ProblemError {
  const [kind, detail] = refusals[reason];
  return new ProblemError(kind, accountId === null ? detail : `Account ${accountId}: ${detail}`);
}

const refusals: Record<RefusalReason, readonly [ProblemKind, string]> = {
  ACCOUNT_UNKNOWN: ['unknown-account', 'there is no such account; GET /v1/accounts lists all.'],
  ACCOUNTS_MUST_DIFFER: ['accounts-must-differ', 'Name two accounts.'],
  CURRENCY_MISMATCH: ['currency-mismatch', 'it is in another currency; amounts are never converted.'],
  INSUFFICIENT_FUNDS: ['insufficient-funds', 'its balance would be below the least that it may have.'],
  BALANCE_OUT_OF_RANGE: ['balance-out-of-range', 'its balance would have more than 18 digits.'],
  ID_TAKEN: ['id-taken', 'Another transaction has this id; choose another, or none.'],
  TRANSFER_UNKNOWN: ['unknown-transfer', 'There is no such transfer to be reversed.'],
  ALREADY_REVERSED: ['already-reversed', 'A transfer can be reversed once only.'],
};

/** What may be refused for, for the schema of a route. */
export const movementProblems = [
  'unknown-account',
  'currency-mismatch',
  'insufficient-funds',
  'balance-out-of-range',
  'id-taken',
] as const satisfies readonly ProblemKind[];

function toOperation({ caller, key, request, transferId, ...movement }: Asked): Operation {
  const id = transferId ?? randomUUID();
  const written = JSON.stringify(request, (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return {
    ...movement,
    caller,
    key: key ?? id,
    requestHash: createHash('sha256').update(written).digest(),
    transferId: id,
  };
}

function readOutcome(outcome: Outcome, reply: FastifyReply): LedgerAnswer {
  switch (outcome.status) {
    case 'in flight':
      throw new ProblemError('in-flight', 'Ask again in a moment, with the same key.');
    case 'key reused':
      throw new ProblemError('key-reused', 'Nothing was done. Take a new key for a new request.');
    case 'replayed':
    case 'refusal replayed':
      void reply.header('idempotent-replayed', 'true');
  }
  return 'transfer' in outcome ? { transfer: outcome.transfer } : { refusal: outcome };
}
