import type { Logger } from '@passbook/runtime';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bodyProblems, explainError, problems, type ProblemError } from './problem.js';

/*
 * The paths that billing came with tell their errors as `{"detail": …}`: a sentence, or for a body that is not valid a list
 * of its faults.
 */

const sentenceSchema = z.object({ detail: z.string() }).meta({ id: 'BillingRefusal' });

const faultsSchema = z
  .object({
    detail: z.array(
      z.object({
        type: z.string(),
        loc: z.array(z.string()).describe('Where it stands'),
        msg: z.string(),
      }),
    ),
  })
  .meta({ id: 'BillingFaults' });

/** What else these routes can answer: the statuses are those of any route with a body. */
export const billingAnswers = {
  ...Object.fromEntries(
    [...Object.keys({ ...problems(), ...bodyProblems('in-flight') })].map((status) => [
      Number(status),
      { description: 'Why it was refused', content: { 'application/json': { schema: sentenceSchema } } },
    ]),
  ),
  422: {
    description: 'What of the body is not valid',
    content: { 'application/json': { schema: faultsSchema } },
  },
};

/** Thrown by a route of billing; becomes a 400. */
export class BillingRefusal extends Error {
  readonly statusCode = 400;
}

/** Turns what a route of billing throws into its answer. */
export function makeBillingErrorHandler(
  log: Logger,
): (err: FastifyError, request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (err, _request, reply) => {
    if (err instanceof BillingRefusal) return send(reply, 400, err.message);
    // What is no JSON is a body that is not valid, too.
    if (err instanceof SyntaxError)
      return send(reply, 422, [{ type: 'json_invalid', loc: ['body'], msg: err.message }]);
    const problem = explainError(err, reply, log);
    if (problem.statusCode !== 422) return send(reply, problem.statusCode, problem.message);
    return send(reply, 422, describeFaults(problem));
  };
}

function describeFaults({ kind, message, errors }: ProblemError): object[] {
  if (!errors) return [{ type: kind, loc: ['body'], msg: message }];
  return errors.map(({ name, detail }) => ({
    type: 'value_error',
    loc: ['body', ...name.split('/').filter((part) => part !== '')],
    msg: detail,
  }));
}

function send(reply: FastifyReply, status: number, detail: string | object[]): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({ detail });
}
