import type { Database } from '@passbook/database';
import type { Poster } from '@passbook/ledger';
import { makeMetrics } from '@passbook/service';
import type { FastifyInstance } from 'fastify';
import { Counter, Histogram } from 'prom-client';
import { makeDatabaseFigures } from './database-figures.js';

/** Around what a posting and a page of a list take. */
const SECONDS_OF_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Answers `/metrics`, as Prometheus reads it: requests by route and status, postings by outcome, what the database knows, and
 * the figures of the process. Requests are those to routes that are added after this.
 * @returns the poster, its outcomes counted
 */
export function serveMetrics(server: FastifyInstance, database: Database, poster: Poster): Poster {
  const metrics = makeMetrics();
  const requests = new Histogram({
    name: 'passbook_http_request_seconds',
    help: 'Requests and how long they took, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS_OF_BUCKETS,
    registers: [metrics],
  });
  const postings = new Counter({
    name: 'passbook_postings_total',
    help: 'Operations that were asked of the ledger, by what became of them',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  const figures = makeDatabaseFigures(metrics);
  server.addHook('onResponse', (request, reply, done) => {
    // The pattern of the route: an address has ids, and each would be a series of its own.
    const route = request.routeOptions.url ?? 'none';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
  server.get('/metrics', async (_request, reply) => {
    await figures.read(database);
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
  return {
    ...poster,
    async post(operation) {
      try {
        const outcome = await poster.post(operation);
        postings.inc({
          outcome: 'reason' in outcome ? `${outcome.status}: ${outcome.reason}` : outcome.status,
        });
        return outcome;
      } catch (err) {
        postings.inc({ outcome: 'failed' });
        throw err;
      }
    },
  };
}
