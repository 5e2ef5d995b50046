import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Database } from '@passbook/database';
import { INDEX_SCRIPT_SOURCE, type Feed } from '@passbook/feeds';
import { isIgnoredName, listImports, listStaleImports } from '@passbook/imports';
import { makePoster } from '@passbook/ledger';
import { makeZoneClock, UserError, type ApiKey, type Logger } from '@passbook/runtime';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { guardDoors } from './guard-doors.js';
import { readMails } from './page-mails.js';
import { renderPage } from './page.js';
import { ProblemError, sendProblem } from './problem.js';
import { serveMetrics } from './serve-metrics.js';
import { serveResources } from './serve-resources.js';

/*
 * HTTP: one page that shows what lies in imports/ and what became of each import, the reports, and the receipts; and the same
 * for programs, with money, below /v1 (serve-resources.ts).
 */

/** Imports that the page shows, the newest first. */
const IMPORTS_SHOWN = 100;

/** More than any request here needs; what is larger is not read. */
const BODY_BYTES_MAX = 64 * 1024;

/** What node reads of a request before its body has at most so many. */
const ADDRESS_CHARACTERS_MAX = 16 * 1024;

/** Pages load nothing from elsewhere and run nothing, but for the one script of an import's index, and /reference, which says so itself. */
const SECURITY_HEADERS = {
  'content-security-policy': `default-src 'none'; script-src ${INDEX_SCRIPT_SOURCE}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export interface Api {
  /** Where it listens, such as http://127.0.0.1:3000. */
  url: string;
  stop(): Promise<void>;
}

export interface ApiParts {
  database: Database;
  feeds: readonly Feed[];
  folders: { imports: string; processed: string; quarantine: string; reports: string };
  host: string;
  port: number;
  /** Said on purpose: whoever reaches the address may read, and move money. */
  isOpenToAll: boolean;
  /** Null: none is needed, which only the loopback may have, or who says so on purpose. */
  keys: readonly ApiKey[] | null;
  /** Requests of one caller in a second. */
  rateLimit: number;
  /** The installation's. */
  timeZone: string;
  /** Of wallets and users: ISO 4217. */
  currency: string;
  log: Logger;
}

/** Addresses that only this machine reaches. */
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** @throws UserError when the port is in use or may not be used */
export async function startApi(parts: ApiParts): Promise<Api> {
  const { host, keys } = parts;
  const isLoopback = loopback.test(host);
  if (!isLoopback && keys === null && !parts.isOpenToAll) {
    throw new UserError(
      `HTTP_HOST is ${host}, an address that others reach. Give API_KEYS (passbook keys make NAME), or say API_AUTH=none if anyone there may read all statements and move money.`,
      { exitCode: 2 },
    );
  }
  const loggerInstance: FastifyBaseLogger = parts.log;
  const server: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: BODY_BYTES_MAX,
    // As long as an address can be: an id that is too long is that of nothing, and told as such.
    routerOptions: { maxParamLength: ADDRESS_CHARACTERS_MAX },
    frameworkErrors: (_err, _request, reply) =>
      void sendProblem(reply, new ProblemError('invalid-request', 'The address cannot be decoded.')),
  });
  server.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      if (!reply.hasHeader(name)) reply.header(name, value);
  });
  server.setErrorHandler((err, _request, reply) => {
    if (err instanceof ProblemError)
      return reply.code(err.statusCode).type('text/plain; charset=utf-8').send(`${err.message}\n`);
    // What went wrong is for the log: it may name tables, folders, addresses.
    parts.log.error({ err }, 'a page could not be served');
    return reply
      .code(500)
      .type('text/plain; charset=utf-8')
      .send('This cannot be shown now. The log says why.\n');
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain; charset=utf-8').send('There is nothing at this address.\n'),
  );
  const requestsPerSecond = isLoopback && keys === null ? null : parts.rateLimit;
  await guardDoors(server, { isLoopback, keys, requestsPerSecond });
  const clock = makeZoneClock(parts.timeZone);
  const poster = serveMetrics(server, parts.database, makePoster(parts.database, { clock }));
  await serveResources(server, { ...parts, clock, poster });
  serveFolders(server, parts);
  server.get('/', async (_request, reply) => {
    const [imports, stale, waiting] = await Promise.all([
      listImports(parts.database, IMPORTS_SHOWN),
      listStaleImports(parts.database),
      listWaiting(parts.folders.imports),
    ]);
    const mails = await readMails(parts.database, imports);
    return reply.type('text/html; charset=utf-8').send(renderPage({ imports, stale, waiting, mails }));
  });
  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/readyz', async () => {
    await parts.database.query('select 1');
    return { status: 'ok' };
  });
  const stop = async (): Promise<void> => {
    await server.close();
    await poster.stop();
  };
  try {
    const url = await server.listen({ host: parts.host, port: parts.port });
    return { url, stop };
  } catch (err) {
    await stop();
    throw explainListenError(err, parts);
  }
}

/** Reports, receipts and quarantined rows as files: names that begin with a dot are never served. */
function serveFolders(server: FastifyInstance, { folders }: ApiParts): void {
  const served = [
    { prefix: '/reports/', root: folders.reports },
    { prefix: '/processed/', root: folders.processed, only: /\.receipt\.json$/ },
    { prefix: '/quarantine/', root: folders.quarantine, only: /\.error\.json$/ },
  ];
  for (const [at, { prefix, root, only }] of served.entries()) {
    void server.register(fastifyStatic, {
      prefix,
      root: resolve(root),
      decorateReply: at === 0,
      dotfiles: 'ignore',
      index: false,
      // The files themselves hold whole account numbers; they are not served.
      allowedPath: (path: string) => !only || (only.test(path) && dirname(path) === '/'),
    });
  }
}

/** Files that nobody has taken yet. The folder may be on another machine: then nobody can tell. */
async function listWaiting(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && !isIgnoredName(entry.name)).map((entry) => entry.name);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}

function explainListenError(err: unknown, { host, port }: ApiParts): unknown {
  const code = (err as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program listens there',
    EACCES: 'permission is denied',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'the name is not known',
  };
  const reason = code === undefined ? undefined : reasons[code];
  if (reason === undefined) return err;
  return new UserError(
    `The page cannot be served at ${host}:${port}: ${reason}. Set HTTP_PORT or HTTP_HOST.`,
    { cause: err },
  );
}
