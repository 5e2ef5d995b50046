import { readTransfer, type Transfer } from '@passbook/ledger';
import { z } from 'zod';
import { askLedgerPatiently, refusalProblem } from '../ask-ledger.js';
import { amountText, exactId, readAmount, wholeNumber, writeAmount } from '../fields.js';
import { bodyProblems, keyProblems, ProblemError, problems } from '../problem.js';
import { readOccurredAt, writeLocal } from '../read-moment.js';
import type { Resource, ResourceParts } from '../resource.js';

/**
 * Transactions of the paths that balances came with. The uid is the id of the transfer and its key: whoever sends it, it is
 * applied once. No refusal is kept: the same uid may pass when there is money.
 */

const bodySchema = z.object({
  uid: z.guid(),
  type: z.enum(['DEPOSIT', 'WITHDRAW']),
  amount: amountText,
  user_id: wholeNumber,
  timestamp: z
    .string()
    .max(40)
    .describe('When it takes effect: 2023-01-04T00:00:00; without a zone it is read in TIME_ZONE'),
});

const answerSchema = z
  .object({
    uid: z.guid(),
    type: z.enum(['DEPOSIT', 'WITHDRAW']),
    amount: z.string(),
    user_id: exactId,
    timestamp: z.string().describe('In TIME_ZONE, without a zone'),
  })
  .meta({ id: 'UserTransaction' });

/** Of all callers together: a uid means one transaction, whoever sends it. */
const CALLER = '/v1/transaction';

export const userTransactionsResource: Resource = (server, parts) => {
  const { database, poster, clock, currency } = parts;
  for (const method of ['POST', 'PUT'] as const)
    server.route({
      method,
      url: '/transaction',
      schema: {
        summary: 'Deposit money of a user, or withdraw it',
        description: 'The same uid and content again changes nothing, and is answered as the first time.',
        body: bodySchema,
        response: {
          200: answerSchema,
          ...bodyProblems(
            'unknown-user',
            'insufficient-funds',
            'balance-out-of-range',
            'id-taken',
            ...keyProblems,
          ),
        },
      },
      async handler(request, reply) {
        const { type, amount, user_id: userId, timestamp } = request.body;
        const uid = request.body.uid.toLowerCase();
        const amountMinor = readAmount(amount, currency);
        const occurredAt = readOccurredAt(timestamp, clock, 'timestamp');
        const answer = await askLedgerPatiently(poster, reply, {
          ...(type === 'DEPOSIT'
            ? { kind: 'deposit', toAccountId: userId }
            : { kind: 'withdrawal', fromAccountId: userId }),
          amountMinor,
          currency,
          occurredAt,
          transferId: uid,
          caller: CALLER,
          key: uid,
          request: [type, userId, amountMinor, occurredAt],
          refusalsKept: 'none',
          ofWallets: true,
        });
        if ('transfer' in answer) return show(answer.transfer, parts);
        const { reason } = answer.refusal;
        // An account in another currency is no user's.
        if (reason === 'ACCOUNT_UNKNOWN' || reason === 'CURRENCY_MISMATCH')
          throw new ProblemError('unknown-user', `There is no user ${userId}.`);
        throw refusalProblem(answer.refusal);
      },
    });
  server.get(
    '/transaction/:uid',
    {
      schema: {
        summary: 'A transaction of a user',
        params: z.object({ uid: z.string().describe('The uid of a transaction') }),
        response: { 200: answerSchema, ...problems('unknown-transaction') },
      },
    },
    async ({ params: { uid } }) => {
      const transfer = z.guid().safeParse(uid).success ? await readTransfer(database, uid) : null;
      if (transfer && isOfUser(transfer, currency)) return show(transfer, parts);
      throw new ProblemError('unknown-transaction', `There is no transaction ${uid}.`);
    },
  );
};

/** Whether it moved money between one user and the world outside. */
function isOfUser({ kind, currency }: Transfer, own: string): boolean {
  return (kind === 'deposit' || kind === 'withdrawal') && currency === own;
}

function show(
  { id, kind, fromAccountId, toAccountId, amountMinor, currency, occurredAt }: Transfer,
  { clock }: Pick<ResourceParts, 'clock'>,
): z.output<typeof answerSchema> {
  return {
    uid: id,
    type: kind === 'deposit' ? 'DEPOSIT' : 'WITHDRAW',
    amount: writeAmount(amountMinor, currency),
    user_id: (toAccountId ?? fromAccountId)!,
    timestamp: writeLocal(occurredAt, clock),
  };
}
