import { isWeather } from '@passbook/database';
import type { Logger } from '@passbook/runtime';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';

/*
 * Every error below /v1 is told as RFC 9457 has it. The kinds are stable; their titles say what they are, the detail of an
 * answer what to do about this one.
 */

/** All kinds of problems, by the end of their `type`. */
export const problemKinds = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-cursor': { status: 400, title: 'The cursor is none of this list' },
  'unknown-route': { status: 404, title: 'There is nothing at this address' },
  'unknown-import': { status: 404, title: 'There is no such import' },
  'unknown-transaction': { status: 404, title: 'There is no such transaction in this account' },
  'no-receipt': { status: 404, title: 'The import has no receipt' },
  'server-fault': { status: 500, title: 'The server has a fault' },
  'database-away': { status: 503, title: 'The database is away or busy' },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** What a problem's `type` begins with. */
export const PROBLEM_TYPE = 'urn:passbook:problem:';

const PROBLEM_CONTENT = 'application/problem+json; charset=utf-8';

/** When a client may try again what the database could not answer. */
const RETRY_SECONDS = 5;

export const problemSchema = z
  .object({
    type: z.string().describe(`${PROBLEM_TYPE} and the kind of the problem`),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(z.object({ name: z.string(), detail: z.string() }))
      .optional()
      .describe('Which parts of the request are not valid'),
  })
  .meta({ id: 'Problem', description: 'An error, as RFC 9457 has it' });

type Problem = z.output<typeof problemSchema>;

const problemAnswer = {
  description: 'A problem',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** The answers of every route beside its own. */
export const problemAnswers = { '4xx': problemAnswer, '5xx': problemAnswer };

/** Thrown by a route; becomes the answer. */
export class ProblemError extends Error {
  constructor(
    readonly kind: ProblemKind,
    detail: string,
  ) {
    super(detail);
    this.name = 'ProblemError';
  }
}

/** Answers with a problem. */
export function sendProblem(
  reply: FastifyReply,
  kind: ProblemKind,
  detail: string,
  more: Partial<Pick<Problem, 'errors' | 'status'>> = {},
): FastifyReply {
  const { status, title } = problemKinds[kind];
  const problem: Problem = { type: PROBLEM_TYPE + kind, title, status, detail, ...more };
  // Written here: an answer that no route foresees has no schema.
  return reply
    .code(problem.status)
    .type(PROBLEM_CONTENT)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem);
}

export function sendUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(
    reply,
    'unknown-route',
    `There is no ${request.method} ${request.url.replace(/\?.*$/s, '')}. GET /openapi.json lists all there is.`,
  );
}

/** Turns what a route throws into a problem. What went wrong inside is for the log: it may name tables, folders, addresses. */
export function makeProblemHandler(
  log: Logger,
): (err: FastifyError, request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (err, _request, reply) => {
    if (err instanceof ProblemError) return sendProblem(reply, err.kind, err.message);
    if (hasZodFastifySchemaValidationErrors(err)) {
      const where = { params: 'address', querystring: 'query' }[String(err.validationContext)] ?? 'request';
      const errors = err.validation.map(({ instancePath, message }) => ({
        name: instancePath.slice(1),
        detail: message ?? 'is not valid',
      }));
      const named = errors.map(({ name, detail }) => (name === '' ? detail : `${name}: ${detail}`));
      return sendProblem(reply, 'invalid-request', `In the ${where}: ${named.join('; ')}.`, { errors });
    }
    if (err.statusCode !== undefined && err.statusCode >= 400 && err.statusCode < 500)
      return sendProblem(reply, 'invalid-request', err.message, { status: err.statusCode });
    log.error({ err }, 'a request could not be answered');
    if (!isWeather(err)) return sendProblem(reply, 'server-fault', 'The log of the server says why.');
    reply.header('retry-after', RETRY_SECONDS);
    return sendProblem(reply, 'database-away', 'Try again in a few seconds.');
  };
}
