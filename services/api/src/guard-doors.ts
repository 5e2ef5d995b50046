import rateLimit from '@fastify/rate-limit';
import type { ApiKey } from '@passbook/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findCaller, type Caller } from './find-caller.js';
import { findForeign } from './find-foreign.js';
import { ProblemError } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: known before anything of the request is read. */
    caller: Caller;
  }
}

export interface Doors {
  /** Only this machine reaches the address. */
  isLoopback: boolean;
  /** Null: no key is asked for. */
  keys: readonly ApiKey[] | null;
  /** Requests that one caller may make in a second; null: no limit. */
  requestsPerSecond: number | null;
}

const nobody: Caller = { name: '', mayWrite: true };

/** Callers whose requests are counted at once. */
const CALLERS_COUNTED = 10_000;

/** For what tells a container's keeper whether we live: it has no key. */
const openPaths = new Set(['/livez', '/readyz']);

/**
 * Who may come in, before any request is read: a caller with a key of the right scope, or, where none is needed, one that is
 * no page of others; and not more often than the limit. Holds for all routes of the server that are added after it.
 */
export async function guardDoors(server: FastifyInstance, doors: Doors): Promise<void> {
  // Set for each request below; an object here would be one for all of them.
  server.decorateRequest('caller', null as unknown as Caller);
  await server.register(rateLimit, { global: false, cache: CALLERS_COUNTED });
  const count = server.createRateLimit({
    max: doors.requestsPerSecond ?? 1,
    timeWindow: 1000,
    keyGenerator: (request) => (doors.keys ? `key ${request.caller.name}` : `address ${request.ip}`),
  });
  server.addHook('onRequest', async (request, reply) => {
    if (openPaths.has(request.url)) return;
    request.caller = admit(request, reply, doors);
    if (doors.requestsPerSecond === null) return;
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    void reply.header('retry-after', counted.ttlInSeconds);
    throw new ProblemError(
      'too-many-requests',
      `More than ${doors.requestsPerSecond} in a second. Try again later, or set API_RATE_LIMIT.`,
    );
  });
}

function admit(request: FastifyRequest, reply: FastifyReply, { keys, isLoopback }: Doors): Caller {
  if (keys === null) {
    const fault = findForeign(request, { isLoopback });
    if (fault) throw new ProblemError('foreign-origin', fault);
    return nobody;
  }
  const caller = findCaller(keys, request.headers.authorization);
  if (!caller) {
    void reply.header('www-authenticate', 'Bearer realm="passbook", Basic realm="passbook", charset="UTF-8"');
    throw new ProblemError('api-key-missing', 'Send the header Authorization: Bearer KEY.');
  }
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (!isReading && !caller.mayWrite)
    throw new ProblemError('scope-missing', `The key ${caller.name} has the scope read. This needs write.`);
  return caller;
}
