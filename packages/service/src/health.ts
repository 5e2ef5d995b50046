import { createServer } from 'node:http';
import { UserError } from '@passbook/runtime';
import { makeMetrics } from './metrics.js';

export interface Health {
  port: number;
  stop(): Promise<void>;
}

/**
 * Answers `/livez` with 200 as long as the process does, `/readyz` with 200, or with 503 and what it waits for, and
 * `/metrics` with the figures of the process, as Prometheus reads them.
 * @param findObstacle what keeps the service from its work; null when nothing does
 * @throws UserError when the port cannot be had
 */
export async function startHealth(options: {
  host: string;
  port: number;
  findObstacle: () => Promise<string | null>;
}): Promise<Health> {
  const { host, port, findObstacle } = options;
  const metrics = makeMetrics();
  const server = createServer((request, response) => {
    const answer = (code: number, body: object): void => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    };
    if (request.url === '/livez') answer(200, { status: 'ok' });
    else if (request.url === '/readyz') {
      void findObstacle().then((obstacle) => {
        if (obstacle === null) answer(200, { status: 'ok' });
        else answer(503, { status: 'waiting', obstacle });
      });
    } else if (request.url === '/metrics') {
      void metrics
        .metrics()
        .then((text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text));
    } else answer(404, { status: 'unknown' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (err) =>
      reject(
        new UserError(`Health cannot be told at ${host}:${port}: ${err.message}. Set HEALTH_PORT.`, {
          cause: err,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
