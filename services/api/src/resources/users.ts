import { createClientWithAccount, readAccount, readBalance, readClient } from '@passbook/ledger';
import { z } from 'zod';
import { exactId, plainText, writeAmount } from '../fields.js';
import { bodyProblems, ProblemError, problems } from '../problem.js';
import { readMoment } from '../read-moment.js';
import type { Resource } from '../resource.js';

/**
 * Users of the paths that balances came with: a user is a client with an account in CURRENCY whose balance is never below 0,
 * and its id is that of the account.
 */

const userSchema = z
  .object({
    id: exactId.describe('That of its account'),
    name: z.string(),
  })
  .meta({ id: 'User' });

const userBalanceSchema = userSchema.extend({ balance: z.string() }).meta({ id: 'UserBalance' });

const userParams = z.object({ userId: z.string().describe('The id of a user') });

export const usersResource: Resource = (server, { database, clock, currency }) => {
  server.post(
    '/user',
    {
      schema: {
        summary: 'Add a user',
        body: z.object({ name: plainText }),
        response: { 201: userSchema, ...bodyProblems() },
      },
    },
    async ({ body: { name } }, reply) => {
      const wallet = { currency, minBalanceMinor: 0n, type: null };
      const made = await createClientWithAccount(database, { name, login: null, email: null }, wallet);
      // Without a login none can be taken.
      if (made === 'LOGIN_TAKEN') throw new Error('A user was refused for a login.');
      return reply.code(201).send({ id: made.account.id, name });
    },
  );
  for (const path of ['/user/:userId', '/user/:userId/balance'])
    server.get(
      path,
      {
        schema: {
          summary: 'A user, with the balance now or as of a moment',
          params: userParams,
          querystring: z.object({
            date: z
              .string()
              .max(60)
              .optional()
              .describe('2023-01-30T00:00:00.00000000; without a zone it is read in TIME_ZONE. Included'),
          }),
          response: { 200: userBalanceSchema, ...problems('unknown-user', 'invalid-moment') },
        },
      },
      async ({ params: { userId }, query: { date } }) => {
        const asOf = date === undefined ? null : readMoment(date, clock);
        if (date !== undefined && asOf === null)
          throw new ProblemError('invalid-moment', 'Write the date like 2023-01-30T00:00:00.');
        const unknown = new ProblemError('unknown-user', `There is no user ${userId}.`);
        if (!/^\d{1,30}$/.test(userId)) throw unknown;
        const account = await readAccount(database, BigInt(userId));
        if (account?.currency !== currency || account.minBalanceMinor !== 0n) throw unknown;
        const [client, balance] = await Promise.all([
          readClient(database, account.clientId),
          readBalance(database, account.id, asOf, clock),
        ]);
        return {
          id: account.id,
          name: client!.name,
          balance: writeAmount(balance!.balanceMinor, currency),
        };
      },
    );
};
