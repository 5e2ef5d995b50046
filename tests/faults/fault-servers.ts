import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@passbook/database';
import { makeTestDatabase, testKafka, until, findPostgres } from '@passbook/testing';
import { startLocalKafka } from '../../scripts/local-kafka.mjs';
import { type Place } from '../run-passbook.js';

/** How a server ends before it is started again: kill -9, in good order, or (Postgres) without a checkpoint. */
export type Ending = 'killed' | 'stopped' | 'fast' | 'immediate';

/** What pg_ctl sends for its modes. */
const signalOf = { killed: 'SIGKILL', stopped: 'SIGINT', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A server that the services use: of the whole test run, or one of its own that can be killed. */
export interface Server {
  /** As DATABASE_URL, or as KAFKA_BROKERS. */
  address: string;
  /** Ends it, by kill -9 unless told otherwise, and starts it again. */
  restart(how?: Ending): Promise<void>;
  remove(): Promise<unknown>;
}

export async function sharedPostgres(): Promise<Server> {
  const database = await makeTestDatabase({ isEmpty: true });
  return { address: database.url, restart: refuse, remove: () => database.drop() };
}

export async function sharedKafka(): Promise<Server> {
  const { brokers } = await testKafka();
  return { address: brokers, restart: refuse, remove: () => Promise.resolve() };
}

export async function ownPostgres(place: Place): Promise<Server> {
  const options = { directory: join(place.path, '.passbook'), notify: () => {} };
  let server = await startEmbeddedPostgres(options);
  return {
    address: server.url,
    async restart(how = 'killed') {
      const [pid] = findPostgres(place.path);
      const pidFile = join(findData(pid!), 'postmaster.pid');
      const content = await readFile(pidFile);
      process.kill(pid!, signalOf[how]);
      await until('Postgres is gone', () => findPostgres(place.path).length === 0);
      // It takes the port that it had, by the file that a crash leaves and an orderly end does not.
      await writeFile(pidFile, content);
      const again = await startEmbeddedPostgres(options);
      await server.stop();
      server = again;
    },
    remove: () => server.stop(),
  };
}

/** The folder of a postmaster's data, by its command line. */
function findData(pid: number): string {
  const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return / -D (\S+)/.exec(stdout)![1]!;
}

export async function ownKafka(): Promise<Server> {
  const kafka = await startLocalKafka();
  await kafka.ready();
  return {
    address: kafka.brokers,
    async restart(how = 'killed') {
      await (how === 'killed' ? kafka.crash() : kafka.stop());
      await kafka.start();
    },
    remove: () => kafka.remove(),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('This server is shared by all tests.'));
}
