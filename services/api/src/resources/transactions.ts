import { readImport } from '@passbook/imports';
import { currencyDecimals, formatAmount, readTransaction } from '@passbook/ledger';
import { z } from 'zod';
import { problemAnswers, ProblemError } from '../problem.js';
import type { Resource } from '../resource.js';

/** Transactions of accounts, and where they came from. */

const transactionSchema = z
  .object({
    id: z.guid().describe('Chosen by the sender; the same id in another account is another transaction'),
    account: z.object({ id: z.string(), last4: z.string().nullable().describe('Of the account number') }),
    occurredAt: z.iso.datetime(),
    amount: z.string().describe('A decimal number; positive: a credit to the account'),
    currency: z.string().describe('ISO 4217'),
    origin: z
      .object({
        importId: z.guid(),
        file: z.string().describe('The name under which the file was dropped first'),
        line: z.int(),
      })
      .nullable()
      .describe('The row that it was; null when it came from no file'),
  })
  .meta({ id: 'Transaction' });

export const transactionsResource: Resource = (server, { database }) => {
  server.get(
    '/accounts/:accountId/transactions/:transactionId',
    {
      schema: {
        summary: 'A transaction, and the row of a file that it was',
        params: z.object({
          accountId: z
            .string()
            .regex(/^\d{1,18}$/, { error: 'is not the id of an account: digits' })
            .describe('The id of an account'),
          transactionId: z.guid().describe('The id of a transaction of it'),
        }),
        response: { 200: transactionSchema, ...problemAnswers },
      },
    },
    async ({ params }) => {
      const one = await readTransaction(database, BigInt(params.accountId), params.transactionId);
      if (!one)
        throw new ProblemError(
          'unknown-transaction',
          `The account ${params.accountId} has no transaction ${params.transactionId}.`,
        );
      const { id, accountId, last4, occurredAt, amountMinor, currency, importNo, line } = one;
      const from = importNo === null ? null : await readImport(database, importNo);
      return {
        id,
        account: { id: String(accountId), last4 },
        occurredAt,
        amount: formatAmount(amountMinor, currencyDecimals(currency)),
        currency,
        origin: from && line !== null ? { importId: from.id, file: from.fileName, line } : null,
      };
    },
  );
};
