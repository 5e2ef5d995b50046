import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ProblemError } from './problem.js';

/** For the schema of a route. What the header may be is read below, so that one answer tells all that is wrong with it. */
export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .describe('1 to 255 visible characters. The same key and request again is answered as the first time'),
});

/** The same where it may not be missing. */
export const requiredIdempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .describe(
      'Required. 1 to 255 visible characters. The same key and request again is answered as the first time',
    ),
});

const visible = /^[\x21-\x7e]{1,255}$/;

/** @returns null when there is none @throws ProblemError when it is none */
export function readIdempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && visible.test(key)) return key;
  throw new ProblemError(
    'invalid-request',
    'The Idempotency-Key is not 1 to 255 visible characters of ASCII.',
  );
}

/** @throws ProblemError when there is none */
export function expectIdempotencyKey(request: FastifyRequest): string {
  const key = readIdempotencyKey(request);
  if (key !== null) return key;
  throw new ProblemError(
    'idempotency-key-missing',
    'Send the header Idempotency-Key with a text of your own, such as a UUID, and the same one when you try again.',
  );
}
