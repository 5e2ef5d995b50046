import { isWeather } from '@passbook/database';
import type { Fault } from '@passbook/imports';
import { PosterBusyError } from '@passbook/ledger';
import type { Logger } from '@passbook/runtime';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { PROBLEM_TYPE, problemKinds, type ProblemKind } from './problem-kinds.js';

/* Every error below /v1 is told as RFC 9457 has it. */

const PROBLEM_CONTENT = 'application/problem+json; charset=utf-8';

/** When a client may try again what the database could not answer. */
const RETRY_SECONDS = 5;

/** A part of a request that is not valid. */
export interface RequestFault {
  /** Where it stands; empty: the whole of it. */
  name: string;
  detail: string;
}

/** What is wrong with a row of a request. Never holds the cell's content. */
export interface RequestRowFault extends Fault {
  /** The first is 1; null: the list of the column is meant. */
  row: number | null;
}

const rowFaultSchema = z
  .object({
    row: z.int().nullable().describe('The first row is 1. Null: the whole list of the column is meant'),
    column: z.string().nullable().describe('Null: the whole row, or the request, is meant'),
    code: z.string(),
    message: z.string().describe('A sentence with the way out'),
    first: z
      .object({ importId: z.guid(), line: z.int() })
      .nullish()
      .describe('The row of a file that has the id already'),
  })
  .meta({ id: 'RequestRowFault' });

const problemSchema = z
  .object({
    type: z.string().describe(`${PROBLEM_TYPE} and the kind of the problem`),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(z.object({ name: z.string(), detail: z.string() }))
      .optional()
      .describe('Which parts of the request are not valid'),
    faults: z.array(rowFaultSchema).optional().describe('Everything that is wrong with rows'),
  })
  .meta({ id: 'Problem', description: 'An error, as RFC 9457 has it' });

type Problem = z.output<typeof problemSchema>;

/** What any route can answer. */
const common = [
  'invalid-request',
  'api-key-missing',
  'scope-missing',
  'foreign-origin',
  'too-many-requests',
  'server-fault',
  'database-away',
] as const satisfies readonly ProblemKind[];

/** What any route with a body can answer. */
const ofBodies = ['body-too-large', 'unsupported-media-type', 'invalid-body'] as const;

/** What a route that takes a key of the caller can answer. */
export const keyProblems = ['in-flight', 'key-reused'] as const;

/** The problems that a route can answer, for its schema: those of all routes, and its own. */
export function problems(...kinds: ProblemKind[]): Record<number, ReturnType<typeof describeAnswer>> {
  const all: ProblemKind[] = [...common, ...kinds];
  const answer = (status: number) =>
    describeAnswer(all.filter((kind) => problemKinds[kind].status === status));
  return Object.fromEntries(
    all.map((kind) => problemKinds[kind].status).map((status) => [status, answer(status)]),
  );
}

/** The same of a route with a body. */
export function bodyProblems(...kinds: ProblemKind[]): ReturnType<typeof problems> {
  return problems(...ofBodies, ...kinds);
}

function describeAnswer(kinds: readonly ProblemKind[]) {
  return {
    description: `${kinds.map((kind) => `${problemKinds[kind].title} (${kind})`).join('. ')}.`,
    content: { 'application/problem+json': { schema: problemSchema } },
  };
}

/** Thrown by a route; becomes the answer. */
export class ProblemError extends Error {
  constructor(
    readonly kind: ProblemKind,
    detail: string,
    readonly errors?: RequestFault[],
    readonly faults?: RequestRowFault[],
  ) {
    super(detail);
    this.name = 'ProblemError';
  }

  get statusCode(): number {
    return problemKinds[this.kind].status;
  }
}

/** A fault of the body that its schema cannot know. */
export function bodyFault(name: string, detail: string): ProblemError {
  return new ProblemError('invalid-body', `In the body: ${name}: ${detail}.`, [{ name, detail }]);
}

/** None of the rows of a request is taken. */
export function rowsRefused(faults: RequestRowFault[]): ProblemError {
  const detail = `Nothing is taken: there are ${faults.length} faults. Put them right, and send all rows again.`;
  return new ProblemError('rows-refused', detail, undefined, faults);
}

/** Answers with a problem. */
export function sendProblem(
  reply: FastifyReply,
  { kind, message, errors, faults }: ProblemError,
): FastifyReply {
  const { status, title } = problemKinds[kind];
  const problem: Problem = { type: PROBLEM_TYPE + kind, title, status, detail: message };
  if (errors) problem.errors = errors;
  if (faults) problem.faults = faults;
  // Written here: an answer that no route foresees has no schema.
  return reply
    .code(status)
    .type(PROBLEM_CONTENT)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem);
}

export function sendUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = `${request.method} ${request.url.replace(/\?.*$/s, '')}`;
  return sendProblem(
    reply,
    new ProblemError('unknown-route', `There is no ${asked}. GET /openapi.json lists all there is.`),
  );
}

/**
 * What an error is to a client. What went wrong inside is for the log: it may name tables, folders, addresses.
 * @param log told of what is no fault of the client
 */
export function explainError(err: FastifyError, reply: FastifyReply, log: Logger): ProblemError {
  if (err instanceof ProblemError) return err;
  if (hasZodFastifySchemaValidationErrors(err)) {
    const context = String(err.validationContext);
    // The one header that is asked for.
    if (context === 'headers' && reply.request.headers['idempotency-key'] === undefined)
      return new ProblemError(
        'idempotency-key-missing',
        'Send the header Idempotency-Key with a text of your own, such as a UUID, and the same one when you try again.',
      );
    const where =
      { params: 'address', querystring: 'query', body: 'body', headers: 'headers' }[context] ?? 'request';
    const errors = err.validation.map(({ instancePath, message }) => ({
      name: instancePath.slice(1),
      detail: message ?? 'is not valid',
    }));
    const named = errors.map(({ name, detail }) => (name === '' ? detail : `${name}: ${detail}`));
    const kind = context === 'body' ? 'invalid-body' : 'invalid-request';
    return new ProblemError(kind, `In the ${where}: ${named.join('; ')}.`, errors);
  }
  if (err instanceof SyntaxError) return new ProblemError('invalid-request', `The body: ${err.message}.`);
  if (err.statusCode === 413) return new ProblemError('body-too-large', err.message);
  if (err.statusCode === 415)
    return new ProblemError('unsupported-media-type', 'Send JSON, with content-type: application/json.');
  if (err.statusCode !== undefined && err.statusCode >= 400 && err.statusCode < 500)
    return new ProblemError('invalid-request', err.message);
  log.error({ err }, 'a request could not be answered');
  if (!isWeather(err) && !(err instanceof PosterBusyError))
    return new ProblemError('server-fault', 'The log of the server says why.');
  void reply.header('retry-after', RETRY_SECONDS);
  return new ProblemError(
    'database-away',
    'Try again in a few seconds, with the same key if the request had one.',
  );
}

/** Turns what a route throws into a problem. */
export function makeProblemHandler(
  log: Logger,
): (err: FastifyError, request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (err, _request, reply) => sendProblem(reply, explainError(err, reply, log));
}
