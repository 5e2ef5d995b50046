import { readBalance } from '@passbook/ledger';
import type { ZoneClock } from '@passbook/runtime';
import { z } from 'zod';
import { writeAmount } from '../fields.js';
import { ProblemError, problems } from '../problem.js';
import { readEndOfDay, readMoment, writeLocal } from '../read-moment.js';
import type { Resource } from '../resource.js';
import { accountParams } from './accounts.js';

/** What an account has, or had at a moment. */

const balanceSchema = z
  .object({
    accountId: z.string(),
    balance: z.string(),
    currency: z.string().describe('ISO 4217'),
    asOf: z.iso.datetime().nullable().describe('All that took effect until then, included; null: now'),
  })
  .meta({ id: 'Balance' });

export const balancesResource: Resource = (server, { database, clock }) => {
  server.get(
    '/accounts/:accountId/balance',
    {
      schema: {
        summary: 'The balance of an account, now or as of a moment',
        description:
          'Of a moment in the past, all that took effect until then: what is posted later with an earlier time counts from then on.',
        params: accountParams,
        querystring: z.strictObject({
          asOf: z
            .string()
            .max(60)
            .optional()
            .describe(
              'A day (2023-01-30: its end, in TIME_ZONE) or a moment (RFC 3339; without a zone in TIME_ZONE). Not in the future',
            ),
        }),
        response: { 200: balanceSchema, ...problems('unknown-account', 'invalid-moment') },
      },
    },
    async ({ params: { accountId }, query }) => {
      const asOf = query.asOf === undefined ? null : readAsOf(query.asOf, clock, new Date());
      const balance = await readBalance(database, BigInt(accountId), asOf, clock);
      if (!balance)
        throw new ProblemError(
          'unknown-account',
          `GET /v1/accounts lists all; none has the id ${accountId}.`,
        );
      const { balanceMinor, currency } = balance;
      return { accountId, balance: writeAmount(balanceMinor, currency), currency, asOf };
    },
  );
};

/**
 * Today is a day that can be asked for, as it is so far.
 * @throws ProblemError for what is no moment, or in the future
 */
export function readAsOf(text: string, clock: ZoneClock, now: Date): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const asOf = isDay ? readEndOfDay(text, clock) : readMoment(text, clock);
  if (asOf === null)
    throw new ProblemError(
      'invalid-moment',
      'Write a day, such as 2023-01-30, or a moment, such as 2023-01-30T12:00:00Z.',
    );
  const utc = now.toISOString();
  const isFuture = isDay ? text > writeLocal(utc, clock).slice(0, 10) : Date.parse(asOf) > now.getTime();
  if (isFuture)
    throw new ProblemError('invalid-moment', 'It is in the future, and nobody knows the balance then.');
  return asOf;
}
