import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A server whose routes take their types, their checks and their description from zod schemas. */
export type ResourceServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ResourceParts {
  database: Database;
  feeds: readonly Feed[];
}

/** Adds the routes of one resource below /v1. */
export type Resource = (server: ResourceServer, parts: ResourceParts) => void;
