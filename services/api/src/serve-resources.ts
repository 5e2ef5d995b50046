import type { Logger } from '@passbook/runtime';
import type { FastifyInstance } from 'fastify';
import {
  ResponseSerializationError,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { stringify } from 'lossless-json';
import type { z } from 'zod';
import { makeBillingErrorHandler } from './billing-answers.js';
import { serveOpenapi } from './openapi.js';
import { makeProblemHandler, ProblemError, sendUnknownRoute } from './problem.js';
import { readJson } from './read-json.js';
import type { Resource, ResourceParts } from './resource.js';
import { billingResource, customerTransactionsResource, resources } from './resources/index.js';

/**
 * Adds the API to a server, with its description: everything below /v1, and the paths that billing and trade reconciliation came with. What a route checks, its
 * types, its answers and how it is described come from the same schemas. Nothing of this holds for the rest of the server.
 */
export async function serveResources(
  server: FastifyInstance,
  parts: ResourceParts & { log: Logger },
): Promise<void> {
  await server.register(async (scope) => {
    await serveOpenapi(scope);
    // A body in any other form is refused: a page of another origin can send those without asking.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
      try {
        done(null, readJson(body as Buffer));
      } catch (err) {
        done(err as Error);
      }
    });
    const add = (within: FastifyInstance, some: readonly Resource[]): void => {
      within.setValidatorCompiler(validatorCompiler);
      within.setSerializerCompiler(compileSerializer);
      refuseOtherMethods(within, () => {
        for (const resource of some) resource(within.withTypeProvider<ZodTypeProvider>(), parts);
      });
    };
    await scope.register(
      (v1, _options, done) => {
        v1.setErrorHandler(makeProblemHandler(parts.log));
        v1.setNotFoundHandler(sendUnknownRoute);
        add(v1, resources);
        done();
      },
      { prefix: '/v1' },
    );
    await scope.register((billing, _options, done) => {
      billing.setErrorHandler(makeBillingErrorHandler(parts.log));
      add(billing, [billingResource]);
      done();
    });
    await scope.register((trades, _options, done) => {
      trades.setErrorHandler(makeProblemHandler(parts.log));
      add(trades, [customerTransactionsResource]);
      done();
    });
  });
}

/** Holds an answer to its schema, and writes it; bigints and exact numbers with all of their digits. */
function compileSerializer(route: {
  schema: z.ZodType;
  method: string;
  url: string;
}): (data: unknown) => string {
  return (data) => {
    const { success, data: answer, error } = route.schema.safeEncode(data);
    if (!success) throw new ResponseSerializationError(route.method, route.url, { cause: error });
    return stringify(answer)!;
  };
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Adds routes, and at their addresses an answer to every other method that says which there are. */
function refuseOtherMethods(within: FastifyInstance, addRoutes: () => void): void {
  const methodsOf = new Map<string, Set<string>>();
  let isAdding = true;
  within.addHook('onRoute', ({ routePath, method }) => {
    if (!isAdding) return;
    const methods = methodsOf.get(routePath) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsOf.set(routePath, methods);
  });
  addRoutes();
  isAdding = false;
  for (const [url, methods] of methodsOf) {
    const allow = [...methods].join(', ');
    within.route({
      url,
      method: METHODS.filter((method) => !methods.has(method)),
      schema: { hide: true },
      // Before a body is read.
      onRequest: async (request, reply) => {
        void reply.header('allow', allow);
        throw new ProblemError('method-not-allowed', `There is no ${request.method} here, only ${allow}.`);
      },
      handler: () => null,
    });
  }
}
