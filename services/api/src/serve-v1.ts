import type { Logger } from '@passbook/runtime';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { serveOpenapi } from './openapi.js';
import { makeProblemHandler, sendUnknownRoute } from './problem.js';
import type { ResourceParts } from './resource.js';
import { resources } from './resources/index.js';

/**
 * Adds everything below /v1 to a server, with its description. What a route checks, its types, its answers and how it is
 * described come from the same schemas. Nothing of this holds for the rest of the server.
 */
export async function serveV1(
  server: FastifyInstance,
  parts: ResourceParts & { log: Logger },
): Promise<void> {
  await server.register(async (scope) => {
    await serveOpenapi(scope);
    await scope.register(
      (v1, _options, done) => {
        v1.setValidatorCompiler(validatorCompiler);
        v1.setSerializerCompiler(serializerCompiler);
        v1.setErrorHandler(makeProblemHandler(parts.log));
        v1.setNotFoundHandler(sendUnknownRoute);
        for (const resource of resources) resource(v1.withTypeProvider<ZodTypeProvider>(), parts);
        done();
      },
      { prefix: '/v1' },
    );
  });
}
