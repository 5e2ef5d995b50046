import { deliveryStates, listDeliveries, type Delivery } from '@passbook/mail';
import { z } from 'zod';
import { decodeCursor, encodeCursor, listOf, pageQuery } from '../lists.js';
import { problems } from '../problem.js';
import type { Resource } from '../resource.js';
import { expectImport, importParams } from './imports.js';

/** What became of the mails of an import. */

const deliverySchema = z
  .object({
    no: z.int().describe('What `passbook deliveries` calls it'),
    accountId: z.string(),
    recipient: z.string().describe('Masked: the whole address is shown nowhere'),
    state: z
      .enum(deliveryStates)
      .describe('unknown: it was transmitted to its end, and no answer came; it has arrived, or not'),
    isHeld: z.boolean().describe('It waits for a person'),
    attempts: z.int().describe('How often a server was told of it'),
    nextAttemptAt: z.iso.datetime().nullable().describe('Null when it is not tried again by itself'),
    sentAt: z.iso.datetime().nullable(),
    messageId: z.string().nullable().describe('Under which it is in the log of the mail server'),
    reply: z.string().nullable().describe('What the server said last, or why it said nothing'),
  })
  .meta({ id: 'Delivery' });

export const importDeliveriesResource: Resource = (server, { database }) => {
  server.get(
    '/imports/:importId/deliveries',
    {
      schema: {
        summary: 'The mails of the statements of an import, and what became of each',
        description: 'An import that was rendered without SMTP_URL has none.',
        params: importParams,
        querystring: z.strictObject({
          ...pageQuery,
          state: z.enum(deliveryStates).optional().describe('Only those in this state'),
        }),
        response: {
          200: listOf(deliverySchema, 'DeliveryList'),
          ...problems('unknown-import', 'invalid-cursor'),
        },
      },
    },
    async ({ params, query }) => {
      const { limit, state } = query;
      const after = decodeCursor('deliveries', query.cursor);
      const { no: importNo } = await expectImport(database, params.importId);
      const found = await listDeliveries(database, limit + 1, {
        importNo,
        states: state ? [state] : null,
        afterNo: after === null ? null : BigInt(after),
      });
      const items = found.slice(0, limit).map(describe);
      return {
        items,
        nextCursor: found.length > limit ? encodeCursor('deliveries', items.at(-1)!.no) : null,
      };
    },
  );
};

function describe(one: Delivery): z.output<typeof deliverySchema> {
  const { recipient, state, isHeld, attempts, nextAttemptAt, sentAt, messageId, reply } = one;
  const [no, accountId] = [Number(one.no), String(one.accountId)];
  return { no, accountId, recipient, state, isHeld, attempts, nextAttemptAt, sentAt, messageId, reply };
}
