import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { IMPORTS_CHUNKED, PROCESSOR_GROUP, type ReceivedMessage } from '@passbook/contracts';
import { openDatabase } from '@passbook/database';
import type { Random, TcpProxy } from '@passbook/testing';
import type { ForeignMessage, ProofKafka } from './kafka.js';
import type { PostgresEnd, ProofPostgres } from './postgres.js';
import type { ServiceName, Services } from './services.js';

/** All that a fault can happen to. */
export interface World {
  services: Services;
  kafka: ProofKafka;
  postgres: ProofPostgres;
  databaseName: string;
  /** Before the names of topics and groups. */
  prefix: string;
  random: Random;
  /** Hashes of the values that strangers put on the topic: nothing else may become a dead letter. */
  foreign: Set<string>;
  /** Chunks that were taken from Kafka before they were handled. */
  lost: number;
}

export type Fault = (world: World) => Promise<void>;

/** An answer that is waited for may never come: nobody asks at present. */
const ANSWER_WAIT_MS = 4_000;

const chunkTopic = (world: World): string => `${world.prefix}${IMPORTS_CHUNKED}`;

/** Time for chunks to gather on the topic while no processor runs. */
const GATHER_MS = 2_500;

const groupOf = (world: World): string => `${world.prefix}${PROCESSOR_GROUP}`;
const countWaiting = async (world: World): Promise<number> =>
  (await world.kafka.readWaiting(chunkTopic(world), groupOf(world))).length;

/** Every fault by its name. What a seed meets is drawn from these. */
export const faults: Readonly<Record<string, Fault>> = {
  ...forServices('killed', ['chunker', 'processor', 'reporter'], ({ services }, name) => services.kill(name)),
  ...forServices('stopped', ['chunker', 'processor', 'reporter'], ({ services }, name) =>
    services.terminate(name),
  ),
  // Longer than the session on Kafka, the lease on an import and the lease on reports.
  ...forServices('frozen', ['chunker', 'processor', 'reporter'], ({ services, random }, name) =>
    services.freeze(name, random.between(16_000, 22_000)),
  ),
  'processors-come-and-go': async ({ services, random }) => {
    for (let visits = 0; visits < 3; visits++) await services.visit('processor', random.between(500, 3000));
  },
  'kafka-killed': ({ kafka }) => kafka.crash(),
  'kafka-restarted': ({ kafka }) => kafka.restart(),
  ...forNetworks(),
  'kafka-answers-lost': async ({ kafka }) => {
    for (let drops = 0; drops < 3; drops++)
      await Promise.race([kafka.proxy.dropNextAnswer(), pause(ANSWER_WAIT_MS)]);
    kafka.proxy.forgetDrops();
  },
  'chunks-again': async (world) => {
    const messages = await world.kafka.read(chunkTopic(world));
    const again = world.random.shuffle(messages).slice(0, 500);
    await world.kafka.write(chunkTopic(world), again);
  },
  garbage: async (world) => {
    const [real] = world.random.shuffle(await world.kafka.read(chunkTopic(world)));
    await writeForeign(world, [
      ...[{ key: null, headers: {}, value: null }],
      { key: 'x', headers: { 'schema-version': '1' }, value: Buffer.from([0, 255, 13, 10]) },
      ...(real
        ? [{ ...real, value: Buffer.concat([real.value, Buffer.from('x')]) }, makeStranger(real)]
        : []),
    ]);
  },
  // Chunks gather while nobody handles them, and are gone then.
  'topic-deleted': (world) =>
    world.services.without('processor', async () => {
      await pause(GATHER_MS);
      world.lost += await countWaiting(world);
      await world.kafka.deleteTopic(chunkTopic(world));
    }),
  'topic-deleted-in-use': async (world) => {
    world.lost += await countWaiting(world);
    await world.kafka.deleteTopic(chunkTopic(world));
  },
  'offsets-skipped': (world) =>
    world.services.without('processor', async () => {
      await pause(GATHER_MS);
      world.lost += await countWaiting(world);
      await world.kafka.skipAll(chunkTopic(world), groupOf(world));
    }),
  // What waits comes in another form first, and as it was after that.
  'chunks-damaged': (world) =>
    world.services.without('processor', async () => {
      await pause(GATHER_MS);
      const messages = await world.kafka.readWaiting(chunkTopic(world), groupOf(world));
      await world.kafka.skipAll(chunkTopic(world), groupOf(world));
      await writeForeign(world, messages.slice(0, 100).map(damage));
      await world.kafka.write(chunkTopic(world), messages);
    }),
  ...forPostgres(['fast', 'immediate', 'kill']),
  'commits-unknown': async ({ postgres }) => {
    const isCommit = (request: Buffer): boolean => request.includes('commit\0');
    for (let drops = 0; drops < 3; drops++)
      await Promise.race([postgres.proxy.dropNextAnswer(isCommit), pause(ANSWER_WAIT_MS)]);
    postgres.proxy.forgetDrops();
  },
  'sessions-terminated': async ({ postgres, databaseName }) => {
    const database = openDatabase({
      url: postgres.directUrl(databaseName),
      applicationName: 'proof',
      connectionsMax: 1,
    });
    try {
      await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
    } finally {
      await database.close();
    }
  },
};

async function writeForeign(world: World, messages: readonly ForeignMessage[]): Promise<void> {
  for (const { value } of messages) world.foreign.add(hashOf(value ?? Buffer.alloc(0)));
  await world.kafka.write(chunkTopic(world), messages);
}

/** A chunk in good order of an import that is not there. */
function makeStranger(message: ReceivedMessage): ForeignMessage {
  const value = Buffer.concat([message.value, Buffer.from('x')]);
  const headers = { ...message.headers, 'import-no': '999999', 'payload-sha256': hashOf(value) };
  return { key: message.key, headers, value };
}

/** Another month for the last row. */
function damage(message: ForeignMessage): ForeignMessage {
  const value = Buffer.from(message.value ?? '');
  const at = value.length - 2;
  if (at >= 0) value[at] = value[at] === 0x31 ? 0x32 : 0x31;
  return { ...message, value };
}

export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function forServices(
  what: string,
  names: readonly ServiceName[],
  run: (world: World, name: ServiceName) => Promise<void>,
): Record<string, Fault> {
  return Object.fromEntries(names.map((name) => [`${name}-${what}`, (world: World) => run(world, name)]));
}

function forPostgres(ends: readonly PostgresEnd[]): Record<string, Fault> {
  return Object.fromEntries(ends.map((end) => [`postgres-${end}`, ({ postgres }) => postgres.restart(end)]));
}

/** What a network does to the connections with a server. */
function forNetworks(): Record<string, Fault> {
  const weather: Record<string, (proxy: TcpProxy, random: Random) => Promise<void>> = {
    async cut(proxy, random) {
      for (let cuts = 0; cuts < 4; cuts++) {
        proxy.cut();
        await pause(random.between(20, 700));
      }
    },
    async refused(proxy, random) {
      proxy.refuse();
      await pause(random.between(500, 5000));
      await proxy.accept();
    },
    async stalled(proxy, random) {
      proxy.stall();
      await pause(random.between(1000, 12_000));
      proxy.resume();
    },
    async delayed(proxy, random) {
      proxy.delay(random.between(5, 60));
      await pause(4000);
      proxy.delay(0);
    },
    'half-closed': (proxy) => Promise.resolve(proxy.halfClose()),
  };
  return Object.fromEntries(
    Object.entries(weather).flatMap(([what, run]) => [
      [`kafka-${what}`, ({ kafka, random }: World) => run(kafka.proxy, random)],
      [`postgres-${what}`, ({ postgres, random }: World) => run(postgres.proxy, random)],
    ]),
  );
}

/** Ends all weather of both networks. */
export async function calm({ kafka, postgres }: World): Promise<void> {
  for (const { proxy } of [kafka, postgres]) {
    proxy.resume();
    proxy.delay(0);
    await proxy.accept();
  }
}
