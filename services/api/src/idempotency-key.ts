import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, { error: 'is not 1 to 255 visible characters of ASCII' })
  .describe('Your own text, such as a UUID. The same key and request again is answered as the first time');

/** The headers of a request that moves money: without a key nobody could try it again. */
export const requiredIdempotencyHeaders = z.object({ 'idempotency-key': key });

/** The same where a key may be missing. */
export const idempotencyHeaders = z.object({ 'idempotency-key': key.optional() });

/** Null: it has none. The schema of the route has checked it. */
export function readIdempotencyKey({ headers }: FastifyRequest): string | null {
  return (headers['idempotency-key'] as string | undefined) ?? null;
}
