import { readTransfer } from '@passbook/ledger';
import { z } from 'zod';
import { askLedger, expectTransfer } from '../ask-ledger.js';
import { idText, readAmount } from '../fields.js';
import { requiredIdempotencyHeaders } from '../idempotency-key.js';
import { ProblemError, problems } from '../problem.js';
import { readOccurredAt } from '../read-moment.js';
import type { Resource } from '../resource.js';
import {
  movementAnswers,
  movementBody,
  sendTransfer,
  showTransfer,
  transferSchema,
} from '../transfer-schema.js';
import { expectAccount } from './accounts.js';

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

const addTransfers: Resource = (server, { database, poster, clock }) => {
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
      const { fromAccountId, toAccountId, amount, id = null } = request.body;
      const currency = request.body.currency ?? (await expectAccount(database, fromAccountId)).currency;
      const amountMinor = readAmount(amount, currency);
      const occurredAt = readOccurredAt(request.body.occurredAt, clock);
      const answer = await askLedger(poster, reply, {
        kind: 'transfer',
        fromAccountId: BigInt(fromAccountId),
        toAccountId: BigInt(toAccountId),
        amountMinor,
        currency,
        occurredAt,
        transferId: id,
        caller: request.caller.name,
        key: request.headers['idempotency-key'],
        request: ['transfer', fromAccountId, toAccountId, amountMinor, currency, occurredAt, id],
        refusalsKept: 'all',
      });
      return sendTransfer(reply, expectTransfer(answer));
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
      const answer = await askLedger(poster, reply, {
        kind: 'reversal',
        reverses,
        occurredAt: null,
        transferId: null,
        caller: request.caller.name,
        key: request.headers['idempotency-key'],
        request: ['reversal', reverses],
        refusalsKept: 'all',
      });
      return sendTransfer(reply, expectTransfer(answer));
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
