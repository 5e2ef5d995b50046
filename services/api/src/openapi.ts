import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { referenceScript } from './reference-script.js';
import { renderReference } from './reference.js';

/** It runs its own script, which talks to this server alone; nothing else. */
const REFERENCE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Describes the routes that are added to the scope after this, from their schemas: at /openapi.json for programs, at
 * /reference for people.
 */
export async function serveOpenapi(scope: FastifyInstance): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Passbook',
        version: '1',
        description:
          'What became of files and rows, and money. Below /v1 amounts are decimal numbers as text, times RFC 3339 in UTC, errors RFC 9457; lists come in pages: take nextCursor for the next one.',
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutUnusedSchemas(jsonSchemaTransformObject(document)),
  });
  const hide = { schema: { hide: true } };
  scope.get('/openapi.json', hide, () => scope.swagger());
  scope.get('/reference', hide, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', REFERENCE_POLICY)
      .send(renderReference(scope.swagger())),
  );
  scope.get('/reference.js', hide, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(referenceScript),
  );
}

/** Of each named schema there are two descriptions, one for requests: only those that a route leads to stay. */
function withoutUnusedSchemas<Document extends object>(document: Document): Document {
  const { paths, components } = document as {
    paths?: object;
    components?: { schemas?: Record<string, object> };
  };
  const schemas = components?.schemas ?? {};
  const used = new Set<string>();
  const follow = (part: object | undefined): void => {
    for (const [, name] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue;
      used.add(name!);
      follow(schemas[name!]);
    }
  };
  follow(paths);
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } };
}
