import { findOutcome, listOutcomes, type Feed } from '@passbook/feeds';
import { z } from 'zod';
import { decodeCursor, encodeCursor, listOf, pageQuery } from '../lists.js';
import { makePostedRowsCache } from '../posted-rows-cache.js';
import { problems } from '../problem.js';
import type { Resource } from '../resource.js';
import { expectImport, importParams } from './imports.js';

/** What became of each row of an import: the lines of its file in their order. */

const placeSchema = z
  .object({ importId: z.guid(), line: z.int() })
  .meta({ id: 'RowPlace', description: 'A row of any import' });

const rowSchema = z
  .object({
    line: z.int().describe('The physical line on which the row begins; the header is 1'),
    outcome: z.enum(['posted', 'duplicate', 'quarantined']),
    transaction: z
      .object({
        id: z.guid(),
        accountId: z.string(),
        last4: z.string().nullable().describe('Of the account number'),
      })
      .nullable()
      .describe('Of a posted row, where rows become transactions'),
    duplicateOf: placeSchema
      .nullable()
      .describe('The row that a duplicate repeats; null when it came from no file'),
    faults: z
      .array(
        z.object({
          column: z.string().nullable().describe('Null: the whole row is meant'),
          code: z.string(),
          message: z.string().describe('A sentence with the way out'),
          first: placeSchema.nullish().describe('The row that has the id already'),
        }),
      )
      .describe('Why the row was not posted'),
    payload: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What stood in a quarantined row, where its feed keeps that'),
  })
  .meta({ id: 'Row' });

const rowListSchema = listOf(rowSchema, 'RowList', {
  isReplaced: z
    .boolean()
    .describe(
      'Later files replaced the posted rows of this import, and they are deleted: only the others are listed. The import has the counts of all',
    ),
});

export const importRowsResource: Resource = (server, { database, feeds }) => {
  const cached = new Map<Feed, ReturnType<typeof makePostedRowsCache>>(
    feeds.map((feed) => [feed, makePostedRowsCache(feed)]),
  );
  server.get(
    '/imports/:importId/rows',
    {
      schema: {
        summary: 'What became of the rows of an import, in the order of their lines',
        description:
          'Rows that are not accounted for yet are missing. A refused file has none. Of a feed that replaces, posted rows are deleted when two later files were loaded: isReplaced says so. Of quarantined rows and duplicates a page costs nothing; of posted ones Postgres looks through the accounts of the import, once for many pages.',
        params: importParams,
        querystring: z.strictObject({
          ...pageQuery,
          outcome: rowSchema.shape.outcome.optional().describe('Only rows of this outcome'),
          line: z.coerce.number().int().min(1).optional().describe('Only the row that begins on this line'),
        }),
        response: { 200: rowListSchema, ...problems('unknown-import', 'invalid-cursor') },
      },
    },
    async ({ params, query }) => {
      const { cursor, limit, outcome = null, line } = query;
      const afterLine = decodeCursor('rows', cursor) ?? 0;
      const one = await expectImport(database, params.importId);
      const feed = feeds.find((candidate) => candidate.name === one.feed);
      if (!feed) return { items: [], nextCursor: null, isReplaced: false };
      const isReplaced = async (): Promise<boolean> =>
        (await feed.versions?.keepsRows(database, one.no)) === false;
      if (line !== undefined) {
        const row = await findOutcome(database, feed, one.no, line);
        const isMeant = row !== null && (outcome === null || row.outcome === outcome) && line > afterLine;
        return { items: isMeant ? [row] : [], nextCursor: null, isReplaced: await isReplaced() };
      }
      // What is loaded does not change any more, until it is deleted.
      const source = one.state === 'loaded' && !(await isReplaced()) ? cached.get(feed)! : feed;
      const rows = await listOutcomes(database, source, one.no, { outcome, afterLine, limit: limit + 1 });
      const items = rows.slice(0, limit);
      return {
        items,
        nextCursor: rows.length > limit ? encodeCursor('rows', items.at(-1)!.line) : null,
        // Asked again: rows may have been deleted while they were looked for.
        isReplaced: await isReplaced(),
      };
    },
  );
};
