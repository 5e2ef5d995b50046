import { eventSchemas, toCloudEvent, type LedgerEvent } from '@passbook/contracts';
import { readInstallationId } from '@passbook/database';
import { makeEventReader } from '@passbook/ledger';
import { waitFor } from '@passbook/runtime';
import { z } from 'zod';
import { pageQuery } from '../lists.js';
import { problems } from '../problem.js';
import type { Resource } from '../resource.js';

/** What happened in the ledger, for services that have no Kafka: the same events as on the topic `ledger.events`. */

/** Below what proxies on the way wait for an answer. */
const WAIT_SECONDS_MAX = 30;

const LOOK_EVERY_MS = 100;

const { transfer_posted, money_available, money_exhausted, import_loaded } = eventSchemas;

const eventListSchema = z
  .object({
    items: z.array(
      z.discriminatedUnion('type', [
        transfer_posted.meta({ id: 'TransferPosted' }),
        money_available.meta({ id: 'MoneyAvailable' }),
        money_exhausted.meta({ id: 'MoneyExhausted' }),
        import_loaded.meta({ id: 'ImportLoaded' }),
      ]),
    ),
    nextCursor: z.string().describe('The id of the last event; without any the one that was given'),
  })
  .meta({ id: 'EventList' });

export const eventsResource: Resource = (server, { database }) => {
  const reader = makeEventReader(database);
  server.get(
    '/events',
    {
      schema: {
        summary: 'What happened, from the first event on, as CloudEvents',
        description:
          'Keep nextCursor with what you do about the events, and ask from there: none is skipped, those of one account are in order, and no event with a smaller id comes later. docs/events.md explains each type.',
        querystring: z.strictObject({
          after: z
            .string()
            .regex(/^\d{1,18}$/, { error: 'is not the id of an event: digits' })
            .default('0')
            .describe('nextCursor of the page before, or the id of the last event that you know'),
          limit: pageQuery.limit,
          wait: z.coerce
            .number()
            .int()
            .min(0)
            .max(WAIT_SECONDS_MAX)
            .default(0)
            .describe('So many seconds an answer without events may be waited for'),
        }),
        response: { 200: eventListSchema, ...problems() },
      },
    },
    async ({ query: { after, limit, wait }, raw }) => {
      const end = performance.now() + wait * 1000;
      let events: LedgerEvent[] = await reader.read(BigInt(after), limit);
      while (events.length === 0 && performance.now() < end) {
        await waitFor(LOOK_EVERY_MS);
        if (raw.socket.destroyed) break;
        events = await reader.read(BigInt(after), limit);
      }
      const source = await readInstallationId(database);
      // They are held to their schemas where the answer is written.
      const items = events.map((event) => toCloudEvent(event, source)) as z.input<
        typeof eventListSchema
      >['items'];
      return { items, nextCursor: items.at(-1)?.id ?? String(BigInt(after)) };
    },
  );
};
