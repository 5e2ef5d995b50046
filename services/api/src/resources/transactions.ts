import { readImport } from '@passbook/imports';
import type { Database } from '@passbook/database';
import { listTransactions, readTransaction, type LedgerTransaction } from '@passbook/ledger';
import { z } from 'zod';
import { writeAmount } from '../fields.js';
import { requiredIdempotencyHeaders } from '../idempotency-key.js';
import { decodeTextCursor, encodeCursor, listOf, makePage, pageQuery } from '../lists.js';
import { postMovement, readMovement } from '../post-movement.js';
import { ProblemError, problems } from '../problem.js';
import type { Resource } from '../resource.js';
import { movementAnswers, movementBody } from '../transfer-schema.js';
import { accountParams, expectAccount } from './accounts.js';

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

/** The place of a transaction in the list: when it took effect, and its id. */
const place = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z) ([0-9a-f-]{36})$/;

export const transactionsResource: Resource = (server, parts) => {
  addMovements(server, parts);
  addReaders(server, parts);
};

const addMovements: Resource = (server, parts) => {
  server.post(
    '/accounts/:accountId/transactions',
    {
      schema: {
        summary: 'Deposit money on an account, or withdraw it',
        description:
          'To or from the world outside. Whether there is enough money is asked of the balance now.',
        headers: requiredIdempotencyHeaders,
        params: accountParams,
        body: z.strictObject({ type: z.enum(['DEPOSIT', 'WITHDRAW']), ...movementBody }),
        response: movementAnswers(),
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const accountId = BigInt(params.accountId);
      const movement = await readMovement(body, params.accountId, parts);
      const { amountMinor, currency, occurredAt, transferId } = movement;
      return postMovement(parts.poster, request, reply, {
        ...(body.type === 'DEPOSIT'
          ? { kind: 'deposit', toAccountId: accountId }
          : { kind: 'withdrawal', fromAccountId: accountId }),
        ...movement,
        request: [body.type, accountId, amountMinor, currency, occurredAt, transferId],
      });
    },
  );
};

const addReaders: Resource = (server, { database }) => {
  server.get(
    '/accounts/:accountId/transactions',
    {
      schema: {
        summary: 'The transactions of an account, the newest first',
        description:
          'By the time when they took effect. Those of files and those of transfers, which have the id of the transfer.',
        params: accountParams,
        querystring: z.strictObject(pageQuery),
        response: {
          200: listOf(transactionSchema, 'TransactionList'),
          ...problems('unknown-account', 'invalid-cursor'),
        },
      },
    },
    async ({ params, query: { limit, cursor } }) => {
      const at = decodeTextCursor('transactions', cursor, place);
      const after = at && { occurredAt: at[1]!, id: at[2]! };
      const { id } = await expectAccount(database, params.accountId);
      const transactions = await listTransactions(database, id, { after, limit: limit + 1 });
      const show = await makeShow(database, transactions);
      return makePage(transactions, limit, {
        show,
        cursorOf: (last) => encodeCursor('transactions', `${last.occurredAt} ${last.id}`),
      });
    },
  );
  server.get(
    '/accounts/:accountId/transactions/:transactionId',
    {
      schema: {
        summary: 'A transaction, and the row of a file that it was',
        params: accountParams.extend({
          transactionId: z.guid().describe('The id of a transaction of it'),
        }),
        response: { 200: transactionSchema, ...problems('unknown-transaction') },
      },
    },
    async ({ params }) => {
      const one = await readTransaction(database, BigInt(params.accountId), params.transactionId);
      if (one) return (await makeShow(database, [one]))(one);
      throw new ProblemError(
        'unknown-transaction',
        `The account ${params.accountId} has no transaction ${params.transactionId}.`,
      );
    },
  );
};

/** Shows transactions with the files that they came from. */
async function makeShow(
  database: Database,
  transactions: readonly LedgerTransaction[],
): Promise<(transaction: LedgerTransaction) => z.output<typeof transactionSchema>> {
  const importNos = new Set(transactions.map(({ importNo }) => importNo).filter((no) => no !== null));
  const imports = new Map(
    await Promise.all([...importNos].map(async (no) => [no, await readImport(database, no)] as const)),
  );
  return ({ id, accountId, last4, occurredAt, amountMinor, currency, importNo, line }) => {
    const from = importNo === null ? undefined : imports.get(importNo);
    return {
      id,
      account: { id: String(accountId), last4 },
      occurredAt,
      amount: writeAmount(amountMinor, currency),
      currency,
      origin: from && line !== null ? { importId: from.id, file: from.fileName, line } : null,
    };
  };
}
