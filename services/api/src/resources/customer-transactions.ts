import type { Column } from '@passbook/feeds';
import { z } from 'zod';
import { bodyProblems, ProblemError, rowsRefused } from '../problem.js';
import { readColumnLists } from '../read-column-lists.js';
import type { Resource } from '../resource.js';

/**
 * The path that trade reconciliation came with: customer transactions without a file, as a list for each column. All are taken,
 * or none; by the rules of the rows of files, and known by their ids as those are.
 */

/** The feed whose rows these are. Without its definition there is no such path. */
const FEED = 'customer_transactions';

/** Bounds what an answer has to say of them. */
const ROWS_MAX = 5_000;

/** Of so many rows as they usually are. */
const BODY_BYTES_MAX = 1024 * 1024;

const example = {
  transaction_id: ['TX999999'],
  timestamp: ['2025-04-01T13:45:00Z'],
  amount: [50000],
  currency: ['USD'],
  instrument_type: ['IRS'],
  region: ['US'],
  trade_type: ['New'],
  status: ['Settled'],
};

const takenSchema = z
  .object({
    rowsRead: z.int(),
    rowsPosted: z.int(),
    rowsDuplicate: z.int().describe('Rows that were there before, with the same content'),
  })
  .meta({ id: 'TakenRows' });

export const customerTransactionsResource: Resource = (server, { database, feeds, timeZone }) => {
  const feed = feeds.find(({ name }) => name === FEED);
  if (!feed?.takeRows) return;
  server.post(
    '/customer_transaction',
    {
      bodyLimit: BODY_BYTES_MAX,
      schema: {
        summary: 'Add customer transactions, to be reconciled with the trade repository',
        description:
          'A list for each column, of as many cells. All rows are taken, or none: 422 names every fault. A transaction that is there with the same content is a duplicate, so that the same request again changes nothing; with other content it is a CONFLICT. They count in the next reconciliation.',
        // Judged by readColumnLists, which finds all faults of all rows.
        body: z.custom<unknown>(() => true).meta(describeLists(feed.columns)),
        response: {
          201: takenSchema,
          200: takenSchema.describe('Nothing was posted: all rows are duplicates'),
          ...bodyProblems('rows-refused'),
        },
      },
    },
    async ({ body }, reply) => {
      const lists = readColumnLists(body, feed.columns);
      if ('faults' in lists) throw rowsRefused(lists.faults.map((fault) => ({ row: null, ...fault })));
      if (lists.rows.length > ROWS_MAX)
        throw new ProblemError('body-too-large', `Send at most ${ROWS_MAX} rows at once.`);
      const taken = await feed.takeRows!(database, lists.rows, { timeZone });
      if (!taken.isTaken)
        throw rowsRefused(
          taken.faults.flatMap(({ row, faults }) => faults.map((fault) => ({ row, ...fault }))),
        );
      const { rowsPosted, rowsDuplicate } = taken;
      if (rowsPosted === 0 && rowsDuplicate > 0) void reply.header('idempotent-replayed', 'true');
      return reply
        .code(rowsPosted > 0 ? 201 : 200)
        .send({ rowsRead: lists.rows.length, rowsPosted, rowsDuplicate });
    },
  );
};

/** The body for programs and people, as JSON Schema has it. */
function describeLists(columns: readonly Column[]): Record<string, unknown> {
  const cell = ({ type }: Column): object =>
    type === 'number' || type === 'integer' ? { type: 'number' } : { type: 'string' };
  return {
    type: 'object',
    required: columns.map(({ name }) => name),
    additionalProperties: false,
    properties: Object.fromEntries(
      columns.map((column) => [column.name, { type: 'array', items: cell(column), maxItems: ROWS_MAX }]),
    ),
    examples: [example],
  };
}
