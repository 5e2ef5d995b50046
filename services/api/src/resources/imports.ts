import { listImports, listStaleImports, readImportSummary, type ImportSummary } from '@passbook/imports';
import { z } from 'zod';
import { decodeCursor, encodeCursor, listOf, pageQuery } from '../lists.js';
import { ProblemError, problems } from '../problem.js';
import type { Resource } from '../resource.js';

/** What became of the contents that were dropped: the same bytes are one import. */

const rows = (what: string) => z.int().nonnegative().describe(`Rows ${what}`);

export const importSchema = z
  .object({
    id: z.guid(),
    file: z.string().describe('The name under which it was dropped first'),
    sha256: z.string().describe('Of the bytes, in hexadecimal'),
    feed: z.string().nullable().describe('The kind of file; null when none knows it'),
    state: z.enum(['reading', 'held', 'chunked', 'loaded', 'stopped', 'refused']),
    reason: z.string().nullable().describe('Why it is stopped, held or refused: a sentence with the way out'),
    note: z.string().nullable().describe('What people are to know of a loaded one'),
    refusal: z
      .object({
        code: z.string(),
        message: z.string(),
        hint: z.string(),
        line: z.int().nullable(),
        byteOffset: z.int().nullable(),
      })
      .nullable()
      .describe('What error.json says of a refused file'),
    waitsFor: z.string().nullable().describe('What it waits for, when it does not come further'),
    rowsRead: rows('of the file. Of a loaded import the sum of the three below'),
    rowsPosted: rows('that became transactions'),
    rowsDuplicate: rows('that repeat one that was posted'),
    rowsQuarantined: rows('with faults'),
    contradictions: rows('that say something else of the holder than what is known'),
    chunksSent: z.int().nullable().describe('Null until all are sent'),
    chunksLoaded: z.int(),
    reports: z.int().describe('Statements and their index'),
    reportsDue: z.int().describe('Reports that are not written yet'),
    corrects: z.guid().nullable().describe('The import whose quarantined rows it has, mended'),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Import' });

export const importParams = z.object({ importId: z.guid().describe('The id of an import') });

/** @throws ProblemError when there is none */
export async function expectImport(
  database: Parameters<typeof readImportSummary>[0],
  importId: string,
): Promise<ImportSummary> {
  const one = await readImportSummary(database, importId);
  if (!one)
    throw new ProblemError('unknown-import', `GET /v1/imports lists all; none has the id ${importId}.`);
  return one;
}

export const importsResource: Resource = (server, { database }) => {
  const describeAll = async (imports: ImportSummary[]): Promise<z.output<typeof importSchema>[]> => {
    const waits = new Map((await listStaleImports(database)).map(({ no, reason }) => [no, reason]));
    return imports.map(({ importId, ...one }) => ({
      ...one,
      id: importId,
      waitsFor: waits.get(one.no) ?? null,
    }));
  };
  server.get(
    '/imports',
    {
      schema: {
        summary: 'Imports, the newest first',
        querystring: z.strictObject(pageQuery),
        response: { 200: listOf(importSchema, 'ImportList'), ...problems('invalid-cursor') },
      },
    },
    async ({ query }) => {
      const imports = await listImports(database, query.limit + 1, decodeCursor('imports', query.cursor));
      const page = imports.slice(0, query.limit);
      const isLast = imports.length <= query.limit;
      return {
        items: await describeAll(page),
        nextCursor: isLast ? null : encodeCursor('imports', page.at(-1)!.no),
      };
    },
  );
  server.get(
    '/imports/:importId',
    {
      schema: {
        summary: 'One import',
        params: importParams,
        response: { 200: importSchema, ...problems('unknown-import') },
      },
    },
    async ({ params }) => (await describeAll([await expectImport(database, params.importId)]))[0]!,
  );
};
