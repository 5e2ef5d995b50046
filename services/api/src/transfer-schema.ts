import type { Transfer } from '@passbook/ledger';
import { z } from 'zod';
import { movementProblems } from './ask-ledger.js';
import { amountText, currencyCode, occurredAtText, writeAmount } from './fields.js';
import { bodyProblems, keyProblems } from './problem.js';
import type { ProblemKind } from './problem-kinds.js';

/* How movements of money are asked for and answered below /v1. */

const amountOr = (what: string) => z.string().nullable().describe(what);

export const transferSchema = z
  .object({
    id: z.guid().describe('Also of its transaction in each account'),
    kind: z.enum(['deposit', 'withdrawal', 'transfer', 'reversal']),
    fromAccountId: z.string().nullable().describe('Null: the world outside'),
    toAccountId: z.string().nullable().describe('Null: the world outside'),
    amount: z.string(),
    currency: z.string().describe('ISO 4217'),
    occurredAt: z.iso.datetime().describe('When it takes effect'),
    postedAt: z.iso.datetime(),
    fromBalance: amountOr('The balance just after it; null of the world'),
    toBalance: amountOr('The balance just after it; null of the world'),
    reverses: z.guid().nullable().describe('The transfer that it is the reversal of'),
  })
  .meta({ id: 'Transfer' });

/** A transfer as it is answered. */
export function showTransfer(transfer: Transfer): z.output<typeof transferSchema> {
  const { amountMinor, currency, fromAccountId, toAccountId, fromBalanceMinor, toBalanceMinor } = transfer;
  const write = (minor: bigint | null): string | null =>
    minor === null ? null : writeAmount(minor, currency);
  return {
    id: transfer.id,
    kind: transfer.kind,
    fromAccountId: fromAccountId === null ? null : String(fromAccountId),
    toAccountId: toAccountId === null ? null : String(toAccountId),
    amount: writeAmount(amountMinor, currency),
    currency,
    occurredAt: transfer.occurredAt,
    postedAt: transfer.postedAt,
    fromBalance: write(fromBalanceMinor),
    toBalance: write(toBalanceMinor),
    reverses: transfer.reverses,
  };
}

/** What every movement of money is asked with. */
export const movementBody = {
  amount: amountText,
  currency: currencyCode
    .optional()
    .describe('ISO 4217. That of the account unless given; when given, the account must be in it'),
  occurredAt: occurredAtText.optional(),
  id: z.guid().optional().describe('Of the transfer; any unless given'),
};

export type MovementBody = z.output<z.ZodObject<typeof movementBody>>;

/** The answers of every movement of money. */
export function movementAnswers(...kinds: ProblemKind[]) {
  const own = bodyProblems(...movementProblems, ...keyProblems, 'idempotency-key-missing', ...kinds);
  return { 201: transferSchema, ...own };
}
