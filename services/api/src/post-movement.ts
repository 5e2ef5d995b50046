import type { Movement, Poster } from '@passbook/ledger';
import type { FastifyReply } from 'fastify';
import { askLedger, refusalProblem } from './ask-ledger.js';
import { readAmount } from './fields.js';
import { readOccurredAt } from './read-moment.js';
import type { ResourceParts } from './resource.js';
import { expectAccount } from './resources/accounts.js';
import { showTransfer, type MovementBody } from './transfer-schema.js';

/**
 * How much is to be moved, when, and under which id.
 * @param accountId whose currency it is in, if the body names none
 * @throws ProblemError when the account, the amount or the time cannot be
 */
export async function readMovement(
  body: MovementBody,
  accountId: string,
  { database, clock }: Pick<ResourceParts, 'database' | 'clock'>,
) {
  const currency = body.currency ?? (await expectAccount(database, accountId)).currency;
  return {
    amountMinor: readAmount(body.amount, currency),
    currency,
    occurredAt: readOccurredAt(body.occurredAt, clock),
    transferId: body.id ?? null,
  };
}

/**
 * Moves money as a route below /v1 was asked to, once for each key, and answers with the transfer: posted now, or when it
 * was asked for first.
 * @throws ProblemError when it is refused
 */
export async function postMovement(
  poster: Poster,
  request: { caller: { name: string }; headers: { 'idempotency-key': string } },
  reply: FastifyReply,
  asked: Movement & { occurredAt: string | null; transferId: string | null; request: readonly unknown[] },
): Promise<FastifyReply> {
  const answer = await askLedger(poster, reply, {
    ...asked,
    caller: request.caller.name,
    key: request.headers['idempotency-key'],
    refusalsKept: 'all',
  });
  if ('refusal' in answer) throw refusalProblem(answer.refusal);
  const { transfer } = answer;
  return reply.code(201).header('location', `/v1/transfers/${transfer.id}`).send(showTransfer(transfer));
}
