import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { openDatabase } from '@passbook/database';
import { uniqueName, until, makeRandom } from '@passbook/testing';
import { generateTransactions } from '../../scripts/generate-transactions.mjs';
import { expectEverythingOnce } from '../expectations.js';
import { makePlace, type Place, type Running } from '../run-passbook.js';
import { claimOfChunks, faultsEnvironment, isPaused } from './watched-process.js';
import { ownKafka, ownPostgres, sharedKafka, sharedPostgres, type Ending } from './fault-servers.js';

/** What is killed (-9), and started again at once. Servers can also be ended in the other ways that they know. */
export type Victim =
  | 'chunker'
  | 'processor'
  | 'reporter'
  | 'kafka'
  | 'kafka, stopped'
  | 'postgres'
  | 'postgres, fast'
  | 'postgres, immediate';

/** Where each service waits for its kill, when it is not to come at random: all chunks sent, some in work, nothing written. */
const waits: Readonly<Record<string, RegExp>> = {
  chunker: /^update imports set state = case state when 'reading' then 'chunked'/,
  processor: claimOfChunks,
  reporter: /^mkdir reports\//,
};

/** After the last kill: sessions and leases of the dead have to end first. */
const END_DEADLINE_MS = 240_000;

/**
 * Imports a generated file with the four services, kills the victims (-9) one after the other, and starts each again. In
 * the end every row is there once, the sums are right, the receipt foots, and each account has one statement.
 * @param plan.victims in this order; once the import has ended, nothing is killed any more
 * @returns how often something was killed while the import went on, and what the services said
 */
export async function proveServiceKills(plan: {
  rows: number;
  accounts: number;
  victims: readonly Victim[];
  /**
   * A kill comes when the import has grown since the last one, and up to so much later, at random. Without it, the first
   * of each service waits in the middle of the import until it is killed there: no machine is too slow, or too quick.
   */
  pauseMaxMs?: number;
}): Promise<{ killed: number; output: string }> {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stderr.write(`kills of services: TEST_SEED=${seed}\n`);
  const random = makeRandom(seed).next;
  const place = await makePlace();
  const closers: (() => Promise<unknown>)[] = [() => place.remove()];
  try {
    const isVictim = (name: string): boolean => plan.victims.some((victim) => victim.startsWith(name));
    const postgres = isVictim('postgres') ? await ownPostgres(place) : await sharedPostgres();
    closers.push(() => postgres.remove());
    const kafka = isVictim('kafka') ? await ownKafka() : await sharedKafka();
    closers.push(() => kafka.remove());
    const options = { accounts: plan.accounts, operations: plan.rows / plan.accounts, seed, bad: 0.001 };
    const generated = generateTransactions({ ...options, figures: true });
    await writeFile(join(place.path, 'imports/large.csv'), generated);

    const isRandom = plan.pauseMaxMs !== undefined;
    const environment = {
      DATABASE_URL: postgres.address,
      KAFKA_BROKERS: kafka.address,
      KAFKA_PREFIX: `${uniqueName('kills')}.`,
    };
    const services = startServices(place, environment, isRandom ? {} : waits);
    const crash = (victim: Victim): Promise<void> => {
      const [name, how] = victim.split(', ') as [string, Ending | undefined];
      if (name === 'kafka') return kafka.restart(how);
      return name === 'postgres' ? postgres.restart(how) : services.crash(name);
    };
    const progress = makeProgressReader(postgres.address);
    closers.unshift(() => progress.close());
    let killed = 0;
    for (const victim of plan.victims) {
      const grew = isRandom ? progress.grew(victim) : () => services.isWaiting(victim);
      await orTell(
        services,
        until(
          'the import grows, or has ended',
          async () => (await grew()) || hasEnded(place),
          END_DEADLINE_MS,
        ),
      );
      await pause(random() * (plan.pauseMaxMs ?? 0));
      if (await hasEnded(place)) break;
      await crash(victim);
      killed += 1;
      process.stderr.write(`kills of services: ${victim}\n`);
    }
    await orTell(
      services,
      until('the import has ended', () => hasEnded(place), END_DEADLINE_MS),
    );
    await services.end();
    await expectEverythingOnce(place, 'large.csv', generated.answers());
    return { killed, output: services.outputs().join('\n') };
  } finally {
    for (const close of closers) await close();
  }
}

/** Says whether the import went on: it was opened, chunks were loaded; for the reporter, reports became due or were written. */
function makeProgressReader(url: string): {
  grew(victim: Victim): () => Promise<boolean>;
  close(): Promise<void>;
} {
  const database = openDatabase({ url, applicationName: 'passbook-tests', connectionsMax: 1 });
  const read = async (victim: Victim): Promise<number> => {
    const sql =
      victim === 'reporter'
        ? `select (select count(*) from reports) + (select count(*) from reports where state = 'done') as count`
        : `select count(*) + coalesce(sum(chunks_loaded), 0) + (select count(*) from reports where state = 'done') as count from imports`;
    const { rows } = await database.query<{ count: bigint | string }>(sql);
    return Number(rows[0]!.count);
  };
  // Postgres may be dead just now, or have no tables yet.
  const readOrNull = (victim: Victim): Promise<number | null> => read(victim).catch(() => null);
  return {
    grew(victim) {
      let first: number | null = null;
      return async () => {
        const now = await readOrNull(victim);
        first ??= now;
        return now !== null && first !== null && now > first;
      };
    },
    close: () => database.close(),
  };
}

/** Should it fail, what the services said is part of the error. */
async function orTell<T>(services: { outputs(): string[] }, wait: Promise<T>): Promise<T> {
  try {
    return await wait;
  } catch (err) {
    const said = services.outputs().map((output) => output.slice(-4000));
    throw new Error([(err as Error).message, ...said].join('\n---\n'), { cause: err });
  }
}

async function hasEnded(place: Place): Promise<boolean> {
  if (!(await place.list('processed')).includes('large.csv.receipt.json')) return false;
  const [folder] = await place.list('reports');
  return folder !== undefined && (await place.list(`reports/${folder}`)).includes('index.html');
}

function startServices(
  place: Place,
  environment: Record<string, string>,
  waits: Readonly<Record<string, RegExp>>,
): {
  /** Whether one of them waits for its kill. */
  isWaiting(name: string): Promise<boolean>;
  /** Kills one, that which waits for it if any does, and starts it again; no other of the name waits from then on. */
  crash(name: string): Promise<void>;
  end(): Promise<void>;
  outputs(): string[];
} {
  const sign = (name: string): string => join(place.path, `${name}.go`);
  const start = (name: string, no: number): Running => {
    const at = waits[name];
    const log = `${name}-${no}.operations`;
    const faults = at && faultsEnvironment(place, { log, pause: { at, until: sign(name) } });
    return place.start('service.mjs', [name], { ...environment, ...faults });
  };
  const names = ['chunker', 'processor', 'processor', 'reporter'];
  const running = names.map((name, no) => ({ name, no, process: start(name, no) }));
  const dead: Running[] = [];
  const findWaiting = async (name: string): Promise<(typeof running)[number] | undefined> => {
    for (const one of running)
      if (one.name === name && (await isPaused(place, `${name}-${one.no}.operations`))) return one;
    return undefined;
  };
  return {
    isWaiting: async (name) => (await findWaiting(name)) !== undefined,
    async crash(name) {
      const victim = (await findWaiting(name)) ?? running.find((one) => one.name === name)!;
      victim.process.process.kill('SIGKILL');
      await victim.process.finished;
      dead.push(victim.process);
      await writeFile(sign(name), '');
      // Of two processors the other one is next.
      running.splice(running.indexOf(victim), 1);
      const no = dead.length + running.length;
      running.push({ name, no, process: start(name, no) });
    },
    async end() {
      for (const { process } of running) process.process.kill('SIGTERM');
      for (const { process } of running) expect((await process.finished).code).toBe(0);
    },
    outputs: () => [...dead, ...running.map((one) => one.process)].map((one) => one.output()),
  };
}
