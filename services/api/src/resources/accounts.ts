import type { Database } from '@passbook/database';
import { createAccount, listAccounts, readAccount, type Account } from '@passbook/ledger';
import { z } from 'zod';
import { currencyCode, idText, plainText, writeAmount } from '../fields.js';
import { decodeCursor, encodeCursor, listOf, makePage, pageQuery } from '../lists.js';
import { bodyProblems, ProblemError, problems } from '../problem.js';
import type { Resource } from '../resource.js';

/** Accounts of clients, those that files have brought among them. */

const accountSchema = z
  .object({
    id: z.string(),
    clientId: z.string(),
    last4: z.string().nullable().describe('Of the account number; null when it has none'),
    type: z.string().nullable().describe('The kind of account'),
    currency: z.string().describe('ISO 4217'),
    balance: z.string().describe('Now'),
    minBalance: z
      .string()
      .nullable()
      .describe('The least balance it may have; null: any, as imported accounts'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Account' });

function show({ balanceMinor, minBalanceMinor, ...account }: Account): z.output<typeof accountSchema> {
  const { currency } = account;
  return {
    ...account,
    id: String(account.id),
    clientId: String(account.clientId),
    balance: writeAmount(balanceMinor, currency),
    minBalance: minBalanceMinor === null ? null : writeAmount(minBalanceMinor, currency),
  };
}

/** Part of the address of an account. */
export const accountParams = z.object({ accountId: idText('an account') });

/** @throws ProblemError when there is none */
export async function expectAccount(database: Database, accountId: string): Promise<Account> {
  const account = await readAccount(database, BigInt(accountId));
  if (account) return account;
  throw new ProblemError('unknown-account', `GET /v1/accounts lists all; none has the id ${accountId}.`);
}

export const accountsResource: Resource = (server, { database, currency: usual }) => {
  server.post(
    '/accounts',
    {
      schema: {
        summary: 'Open an account of a client',
        description: 'Its balance is 0.00 and can never be below. A client may have several accounts.',
        body: z.strictObject({
          clientId: idText('a client'),
          currency: currencyCode.optional().describe('ISO 4217; CURRENCY of the installation unless given'),
          type: plainText.nullish().describe('The kind of account, for people'),
        }),
        response: { 201: accountSchema, ...bodyProblems('unknown-client') },
      },
    },
    async ({ body: { clientId, currency = usual, type = null } }, reply) => {
      const account = await createAccount(database, {
        clientId: BigInt(clientId),
        currency,
        minBalanceMinor: 0n,
        type,
      });
      if (account === 'CLIENT_UNKNOWN')
        throw new ProblemError('unknown-client', `GET /v1/clients lists all; none has the id ${clientId}.`);
      return reply.code(201).header('location', `/v1/accounts/${account.id}`).send(show(account));
    },
  );
  server.get(
    '/accounts',
    {
      schema: {
        summary: 'Accounts, in the order in which they were opened',
        querystring: z.strictObject({
          ...pageQuery,
          clientId: z
            .string()
            .regex(/^\d{1,18}$/, { error: 'is not the id of a client: digits' })
            .optional()
            .describe('Only those of this client'),
        }),
        response: { 200: listOf(accountSchema, 'AccountList'), ...problems('invalid-cursor') },
      },
    },
    async ({ query: { limit, cursor, clientId } }) => {
      const afterId = BigInt(decodeCursor('accounts', cursor) ?? 0);
      const owner = clientId === undefined ? null : BigInt(clientId);
      const accounts = await listAccounts(database, { clientId: owner, afterId, limit: limit + 1 });
      return makePage(accounts, limit, { show, cursorOf: ({ id }) => encodeCursor('accounts', id) });
    },
  );
  server.get(
    '/accounts/:accountId',
    {
      schema: {
        summary: 'One account, with its balance now',
        params: accountParams,
        response: { 200: accountSchema, ...problems('unknown-account') },
      },
    },
    async ({ params }) => show(await expectAccount(database, params.accountId)),
  );
};
