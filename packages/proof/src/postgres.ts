import { mkdtemp, rm, chmod, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, startEmbeddedPostgres } from '@passbook/database';
import { startTcpProxy, until, type TcpProxy } from '@passbook/testing';

/** How Postgres ends: as `pg_ctl stop -m` names it, or by kill -9 of the postmaster, whom its children follow. */
export type PostgresEnd = 'fast' | 'immediate' | 'kill';

const signals: Readonly<Record<PostgresEnd, NodeJS.Signals>> = {
  fast: 'SIGINT',
  immediate: 'SIGQUIT',
  kill: 'SIGKILL',
};

/** A Postgres of its own, behind a network that can fail. */
export interface ProofPostgres {
  proxy: TcpProxy;
  /** Makes an empty database. */
  create(name: string): Promise<void>;
  drop(name: string): Promise<void>;
  /** Through the network that can fail. */
  url(name: string): string;
  /** Past it. */
  directUrl(name: string): string;
  /** Ends it, and starts it again. */
  restart(end: PostgresEnd): Promise<void>;
  remove(): Promise<void>;
}

export async function startProofPostgres(): Promise<ProofPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'passbook-prove-'));
  // As folders of users are: the user that runs Postgres can enter it.
  await chmod(directory, 0o755);
  const options = { directory, notify: () => {} };
  let server = await startEmbeddedPostgres(options);
  const base = new URL(server.url);
  // After an orderly end it listens elsewhere: nobody is to notice.
  const target = { host: '127.0.0.1', port: Number(base.port) };
  const proxy = await startTcpProxy({ target });
  const direct = await startTcpProxy({ target });
  const urlOf = (name: string, port: number): string => {
    const url = new URL(base);
    url.port = String(port);
    url.pathname = `/${name}`;
    return url.href;
  };
  const administer = async <Row extends Record<string, string>>(sql: string): Promise<Row[]> => {
    const database = openDatabase({
      url: urlOf('postgres', direct.port),
      applicationName: 'proof',
      connectionsMax: 1,
    });
    try {
      return (await database.query<Row>(sql)).rows;
    } finally {
      await database.close();
    }
  };
  const readPid = async (): Promise<number> => {
    const [row] = await administer<{ pid: string }>(
      `select split_part(pg_read_file('postmaster.pid'), chr(10), 1) as pid`,
    );
    return Number(row!.pid);
  };
  return {
    proxy,
    create: async (name) => void (await administer(`create database ${name} template template0`)),
    drop: async (name) => void (await administer(`drop database ${name} with (force)`)),
    url: (name) => urlOf(name, proxy.port),
    directUrl: (name) => urlOf(name, direct.port),
    async restart(end) {
      const pid = await readPid();
      process.kill(pid, signals[end]);
      await until('Postgres is gone', () => !isAlive(pid));
      const again = await startEmbeddedPostgres(options);
      await server.stop();
      server = again;
      target.port = Number(new URL(again.url).port);
    },
    async remove() {
      await Promise.all([proxy.stop(), direct.stop()]);
      await server.stop();
      const room = await readFile(join(directory, 'postgres/room'), 'utf8').catch(() => null);
      if (room !== null) await rm(room.trim(), { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
