import { readImportReceipt } from '@passbook/imports';
import { z } from 'zod';
import { ProblemError, problems } from '../problem.js';
import type { Resource } from '../resource.js';
import { expectImport, importParams } from './imports.js';

/** What the file of an import became: the same as the receipt in processed/. */

const receiptSchema = z
  .object({
    importId: z.guid(),
    file: z.string(),
    sha256: z.string(),
    feed: z.string().nullable(),
    state: z.string(),
    rowsRead: z.int(),
    rowsPosted: z.int(),
    rowsDuplicate: z.int(),
    rowsQuarantined: z.int(),
    accounts: z.int().describe('Accounts with a posted row: these have a statement'),
    accountsWithoutAddress: z.int().describe('Those of them to which no mail can go'),
    amountPosted: z
      .string()
      .nullable()
      .describe('Net, as a decimal number; null when there are several currencies'),
    currency: z.string().nullable().describe('Of the amount, by ISO 4217'),
    contradictions: z.int(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    duplicateOf: z.guid().nullable(),
    note: z.string().optional().describe('What people are to know of it, where there is something'),
  })
  .meta({ id: 'Receipt' });

export const importReceiptsResource: Resource = (server, { database, feeds }) => {
  server.get(
    '/imports/:importId/receipt',
    {
      schema: {
        summary: 'The receipt of an import, once it is loaded',
        params: importParams,
        response: { 200: receiptSchema, ...problems('unknown-import', 'no-receipt') },
      },
    },
    async ({ params }) => {
      const { no, feed: feedName, state } = await expectImport(database, params.importId);
      const feed = feeds.find((candidate) => candidate.name === feedName);
      if (!feed || state !== 'loaded')
        throw new ProblemError('no-receipt', `It is ${state}; only an import that is loaded has a receipt.`);
      const posted = await feed.countPosted(database, no);
      const receipt = await readImportReceipt(database, no, () => Promise.resolve(posted));
      return { ...receipt, currency: posted.currency };
    },
  );
};
