import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, startEmbeddedPostgres } from '@passbook/database';
import { listProcesses, readProcessTimes, readTitle } from './read-process.js';

/** A Postgres of the bench's own, on its default settings: ours and the yardstick's are databases on it. */
export interface BenchPostgres {
  version: string;
  /** Makes a database: an empty one, or a copy of another, which nobody may be using. */
  create(name: string, template: string | null): Promise<void>;
  drop(name: string): Promise<void>;
  url(name: string): string;
  /** Has written what earlier work left to be written, and waits a while: so that it disturbs nobody later. */
  calm(): Promise<void>;
  /** CPU seconds since its start: of those that serve a connection, and of those that serve all of them. */
  readTimes(): { backends: number; background: number } | null;
  remove(): Promise<void>;
}

/** A file system and a broker have their last writes over by then. */
const CALM_MS = 2_000;

export async function startBenchPostgres(): Promise<BenchPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'passbook-bench-postgres-'));
  // As folders of users are: the user that runs Postgres can enter it.
  await chmod(directory, 0o755);
  const server = await startEmbeddedPostgres({ directory, notify: () => {} });
  const url = (name: string): string => {
    const address = new URL(server.url);
    address.pathname = `/${name}`;
    return address.href;
  };
  const admin = openDatabase({ url: url('postgres'), applicationName: 'bench', connectionsMax: 1 });
  const ask = async (sql: string): Promise<string> =>
    (await admin.query<{ answer: string }>(`select ${sql} as answer`)).rows[0]!.answer;
  const postmaster = Number(await ask(`split_part(pg_read_file('postmaster.pid'), chr(10), 1)`));
  return {
    version: await ask(`current_setting('server_version')`),
    async create(name, template) {
      const copied = `template ${template ?? 'template0'} strategy file_copy`;
      await admin.query(`create database ${name} ${copied}`);
    },
    drop: async (name) => void (await admin.query(`drop database if exists ${name} with (force)`)),
    url,
    async calm() {
      await admin.query('checkpoint');
      await pause(CALM_MS);
    },
    readTimes: () => readTimes(postmaster),
    async remove() {
      await admin.close();
      await server.stop();
      await removePassbookFolder(directory);
    },
  };
}

/** Deletes a PASSBOOK_DIR; for root, whose Postgres runs as another user, its data may lie elsewhere. */
export async function removePassbookFolder(directory: string): Promise<void> {
  const room = await readFile(join(directory, 'postgres/room'), 'utf8').catch(() => null);
  if (room !== null) await rm(room.trim(), { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
}

const backgroundTitle =
  /^postgres: (background writer|checkpointer|walwriter|autovacuum launcher|logical replication launcher|io worker)/;

/** The postmaster has the times of those that have ended. */
function readTimes(postmaster: number): { backends: number; background: number } | null {
  const own = readProcessTimes(postmaster);
  if (own === null) return null;
  const times = { backends: own.endedChildrenS, background: own.ownS };
  for (const pid of listProcesses()) {
    const child = readProcessTimes(pid);
    if (child?.parent !== postmaster) continue;
    times[backgroundTitle.test(readTitle(pid)) ? 'background' : 'backends'] += child.ownS;
  }
  return times;
}
