import { readTransfer } from '@passbook/ledger';
import { z } from 'zod';
import { idText } from '../fields.js';
import { requiredIdempotencyHeaders } from '../idempotency-key.js';
import { postMovement, readMovement } from '../post-movement.js';
import { ProblemError, problems } from '../problem.js';
import type { Resource } from '../resource.js';
import { movementAnswers, movementBody, showTransfer, transferSchema } from '../transfer-schema.js';

/** Money that moved, once, between two accounts or between one and the world outside. */

const transferParams = z.object({ transferId: z.guid().describe('The id of a transfer') });

const foundTransfer = transferSchema
  .extend({ reversedBy: z.guid().nullable().describe('The reversal of it, if there is one') })
  .meta({ id: 'FoundTransfer' });

export const transfersResource: Resource = (server, parts) => {
  addTransfers(server, parts);
  addReversals(server, parts);
  addReaders(server, parts);
};

const addTransfers: Resource = (server, parts) => {
  server.post(
    '/transfers',
    {
      schema: {
        summary: 'Move money from one account to another',
        headers: requiredIdempotencyHeaders,
        body: z.strictObject({
          fromAccountId: idText('an account'),
          toAccountId: idText('an account'),
          ...movementBody,
        }),
        response: movementAnswers('accounts-must-differ'),
      },
    },
    async (request, reply) => {
      const { fromAccountId, toAccountId } = request.body;
      const movement = await readMovement(request.body, fromAccountId, parts);
      const { amountMinor, currency, occurredAt, transferId } = movement;
      return postMovement(parts.poster, request, reply, {
        kind: 'transfer',
        fromAccountId: BigInt(fromAccountId),
        toAccountId: BigInt(toAccountId),
        ...movement,
        request: ['transfer', fromAccountId, toAccountId, amountMinor, currency, occurredAt, transferId],
      });
    },
  );
};

const addReversals: Resource = (server, { poster }) => {
  server.post(
    '/transfers/:transferId/reversal',
    {
      schema: {
        summary: 'Move the money of a transfer back, once',
        description:
          'Transfers never change; this is how one is corrected. It is refused where the money is gone.',
        headers: requiredIdempotencyHeaders,
        params: transferParams,
        response: movementAnswers('unknown-transfer', 'already-reversed'),
      },
    },
    async (request, reply) => {
      const reverses = request.params.transferId.toLowerCase();
      return postMovement(poster, request, reply, {
        kind: 'reversal',
        reverses,
        occurredAt: null,
        transferId: null,
        request: ['reversal', reverses],
      });
    },
  );
};

const addReaders: Resource = (server, { database }) => {
  for (const path of ['/transfers/:transferId', '/transactions/:transferId'])
    server.get(
      path,
      {
        schema: {
          summary: 'A transfer, deposit, withdrawal or reversal',
          description:
            'What came from a file is a transaction of an account, with an id that another account may have.',
          params: transferParams,
          response: { 200: foundTransfer, ...problems('unknown-transfer') },
        },
      },
      async ({ params }) => {
        const transfer = await readTransfer(database, params.transferId);
        if (transfer) return { ...showTransfer(transfer), reversedBy: transfer.reversedBy };
        throw new ProblemError('unknown-transfer', `There is no transfer ${params.transferId}.`);
      },
    );
};
