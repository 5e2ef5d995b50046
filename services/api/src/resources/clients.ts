import { createClient, listClients, readClient, type Client } from '@passbook/ledger';
import { z } from 'zod';
import { idText, plainText } from '../fields.js';
import { decodeCursor, encodeCursor, listOf, makePage, pageQuery } from '../lists.js';
import { bodyProblems, ProblemError, problems } from '../problem.js';
import type { Resource } from '../resource.js';

/** Who holds accounts; those that files have brought among them. */

const clientSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    login: z.string().nullable().describe('No two clients have the same'),
    email: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Client' });

const show = (client: Client): z.output<typeof clientSchema> => ({ ...client, id: String(client.id) });

export const clientsResource: Resource = (server, { database }) => {
  server.post(
    '/clients',
    {
      schema: {
        summary: 'Add a client',
        description:
          'With a login a client is made once: the same again is 409. Without one, each request makes another client.',
        body: z.strictObject({
          name: plainText,
          login: plainText.nullish(),
          email: plainText.nullish(),
        }),
        response: { 201: clientSchema, ...bodyProblems('login-taken') },
      },
    },
    async ({ body }, reply) => {
      const { name, login = null, email = null } = body;
      const client = await createClient(database, { name, login, email });
      if (client === 'LOGIN_TAKEN') throw new ProblemError('login-taken', 'Choose another login, or none.');
      return reply.code(201).header('location', `/v1/clients/${client.id}`).send(show(client));
    },
  );
  server.get(
    '/clients',
    {
      schema: {
        summary: 'Clients, in the order in which they were added',
        querystring: z.strictObject(pageQuery),
        response: { 200: listOf(clientSchema, 'ClientList'), ...problems('invalid-cursor') },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const afterId = BigInt(decodeCursor('clients', cursor) ?? 0);
      const clients = await listClients(database, { afterId, limit: limit + 1 });
      return makePage(clients, limit, { show, cursorOf: ({ id }) => encodeCursor('clients', id) });
    },
  );
  server.get(
    '/clients/:clientId',
    {
      schema: {
        summary: 'One client',
        params: z.object({ clientId: idText('a client') }),
        response: { 200: clientSchema, ...problems('unknown-client') },
      },
    },
    async ({ params }) => {
      const client = await readClient(database, BigInt(params.clientId));
      if (client) return show(client);
      throw new ProblemError(
        'unknown-client',
        `GET /v1/clients lists all; none has the id ${params.clientId}.`,
      );
    },
  );
};
