import { createClientWithAccount, type Transfer } from '@passbook/ledger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askLedger, refusalProblem, type LedgerAnswer } from '../ask-ledger.js';
import { billingAnswers, BillingRefusal } from '../billing-answers.js';
import { amountNumber, exactId, exactNumber, plainText, wholeNumber, writeNumber } from '../fields.js';
import { idempotencyHeaders, readIdempotencyKey } from '../idempotency-key.js';
import { bodyFault } from '../problem.js';
import type { Resource } from '../resource.js';

/** The paths that billing came with: a wallet is an account in CURRENCY whose balance is never below 0. */

const transactionNumber = z.guid().describe('The id of the transfer');

export const billingResource: Resource = (server, parts) => {
  addClients(server, parts);
  addResupplies(server, parts);
  addTransfers(server, parts);
};

const addClients: Resource = (server, { database, currency }) => {
  const wallet = { currency, minBalanceMinor: 0n, type: null };
  server.post(
    '/clients',
    {
      schema: {
        summary: 'Add a client with a wallet',
        description:
          'With a login that a client has it is refused, so that the same request again adds nobody.',
        body: z.object({ name: plainText, login: plainText }),
        response: {
          201: z
            .object({ login: z.string(), name: z.string(), id: exactId, walletId: exactId })
            .meta({ id: 'BillingClient' }),
          ...billingAnswers,
        },
      },
    },
    async ({ body: { name, login } }, reply) => {
      const made = await createClientWithAccount(database, { name, login, email: null }, wallet);
      if (made === 'LOGIN_TAKEN') throw new BillingRefusal('Client login already exists');
      return reply.code(201).send({ login, name, id: made.client.id, walletId: made.account.id });
    },
  );
};

const addResupplies: Resource = (server, { poster, currency }) => {
  server.post(
    '/resupplies',
    {
      schema: {
        summary: 'Put money into a wallet',
        headers: idempotencyHeaders,
        body: z.object({ walletId: wholeNumber, amount: amountNumber(currency) }),
        response: {
          201: z
            .object({
              walletId: exactId,
              amount: exactNumber,
              transactionNumber,
              walletBalance: exactNumber,
            })
            .meta({ id: 'Resupply' }),
          ...billingAnswers,
        },
      },
    },
    async (request, reply) => {
      const { walletId, amount: amountMinor } = request.body;
      const answer = await askLedger(poster, reply, {
        kind: 'deposit',
        toAccountId: walletId,
        amountMinor,
        currency,
        ...keyOf(request),
        request: ['/resupplies', walletId, amountMinor],
      });
      const { id, toBalanceMinor } = expectPosted(answer);
      return reply.code(201).send({
        walletId,
        amount: writeNumber(amountMinor, currency),
        transactionNumber: id,
        walletBalance: writeNumber(toBalanceMinor!, currency),
      });
    },
  );
};

const addTransfers: Resource = (server, { poster, currency }) => {
  server.post(
    '/transfers',
    {
      schema: {
        summary: 'Move money from one wallet to another',
        headers: idempotencyHeaders,
        body: z.object({
          walletFromId: wholeNumber,
          walletToId: wholeNumber,
          amount: amountNumber(currency),
        }),
        response: {
          201: z
            .object({
              walletFromId: exactId,
              walletToId: exactId,
              amount: exactNumber,
              transactionNumber,
              walletFromBalance: exactNumber,
              walletToBalance: exactNumber,
            })
            .meta({ id: 'WalletTransfer' }),
          ...billingAnswers,
        },
      },
    },
    async (request, reply) => {
      const { walletFromId, walletToId, amount: amountMinor } = request.body;
      if (walletFromId === walletToId)
        throw bodyFault('walletToId', 'is the wallet that the money comes from');
      const answer = await askLedger(poster, reply, {
        kind: 'transfer',
        fromAccountId: walletFromId,
        toAccountId: walletToId,
        amountMinor,
        currency,
        ...keyOf(request),
        request: ['/transfers', walletFromId, walletToId, amountMinor],
      });
      const { id, fromBalanceMinor, toBalanceMinor } = expectPosted(answer);
      return reply.code(201).send({
        walletFromId,
        walletToId,
        amount: writeNumber(amountMinor, currency),
        transactionNumber: id,
        walletFromBalance: writeNumber(fromBalanceMinor!, currency),
        walletToBalance: writeNumber(toBalanceMinor!, currency),
      });
    },
  );
};

/** What a request without a key asks for is asked for once; nothing needs to be kept of its refusal. */
function keyOf(request: FastifyRequest) {
  const key = readIdempotencyKey(request);
  const refusalsKept = key === null ? ('none' as const) : ('all' as const);
  return {
    ...{ caller: request.caller.name, key, refusalsKept },
    ...{ ofWallets: true, occurredAt: null, transferId: null },
  };
}

/** @throws BillingRefusal, in the words of billing; ProblemError for what it has no words for */
function expectPosted(answer: LedgerAnswer): Transfer {
  if ('transfer' in answer) return answer.transfer;
  const { reason, accountId } = answer.refusal;
  // An account in another currency is no wallet.
  if (reason === 'ACCOUNT_UNKNOWN' || reason === 'CURRENCY_MISMATCH')
    throw new BillingRefusal(`Wallet id ${accountId} not found`);
  if (reason === 'INSUFFICIENT_FUNDS')
    throw new BillingRefusal(`There are not enough balance in wallet id ${accountId}`);
  throw refusalProblem(answer.refusal);
}
