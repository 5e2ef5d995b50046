import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import type { Poster } from '@passbook/ledger';
import type { ZoneClock } from '@passbook/runtime';
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
  poster: Poster;
  /** Of the installation's time zone, which the next line names. */
  clock: ZoneClock;
  timeZone: string;
  /** Of wallets and users: ISO 4217. */
  currency: string;
}

/** Adds the routes of one resource. */
export type Resource = (server: ResourceServer, parts: ResourceParts) => void;
