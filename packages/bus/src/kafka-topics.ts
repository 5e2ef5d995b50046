import { CHUNK_BYTES_MAX } from '@passbook/contracts';
import { retryDelayMs, UserError, waitFor, type Logger } from '@passbook/runtime';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { explainKafkaError, isElection, isKafkaRefusal } from './kafka-client.js';

/** At most so many processors share the work. */
const PARTITIONS = 12;

/** As many copies as Kafka's own documentation advises, where there are brokers for them. */
const REPLICAS = 3;

/** A chunk with its headers must fit, with a margin. */
const MESSAGE_BYTES_MIN = CHUNK_BYTES_MAX + 64 * 1024;

/** Some ten seconds. */
const ELECTION_ATTEMPTS = 7;

/** What kafkajs can read without further libraries. */
const readableCompressions = new Set(['producer', 'uncompressed', 'gzip']);

/** How many partitions each topic has. */
export type PartitionCounts = ReadonlyMap<string, number>;

/**
 * Makes the topics that are not there, and looks whether those that are will do. May be called again at any time: a topic
 * that somebody deleted is made anew.
 * @throws UserError when the cluster refuses, or a topic would lose or refuse our messages
 */
export async function ensureTopics(
  kafka: Kafka,
  topics: readonly string[],
  log: Logger,
): Promise<PartitionCounts> {
  return throughElections(() =>
    withAdmin(kafka, async (admin) => {
      const present = new Set(await admin.listTopics());
      const missing = topics.filter((topic) => !present.has(topic));
      if (missing.length > 0) await makeTopics(admin, missing, log);
      await checkConfigs(admin, topics, log);
      const { topics: described } = await admin.fetchTopicMetadata({ topics: [...topics] });
      return new Map(described.map(({ name, partitions }) => [name, partitions.length]));
    }),
  );
}

/**
 * Whether a group has acknowledged every message of a topic. Offsets beyond the end (the topic was made anew) count as
 * acknowledged, too: what is not there will not come.
 */
export function isAcknowledged(kafka: Kafka, topic: string, groupId: string): Promise<boolean> {
  return throughElections(() => compareOffsets(kafka, topic, groupId));
}

/** Tries again what meets a new topic that not all of the broker knows, its leaders, or the coordinator of a new group. */
async function throughElections<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (err) {
      if (attempt === ELECTION_ATTEMPTS || !isElection(err)) throw err;
      await waitFor(retryDelayMs(attempt));
    }
  }
}

function compareOffsets(kafka: Kafka, topic: string, groupId: string): Promise<boolean> {
  return withAdmin(kafka, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const done = new Map(group?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return ends.every(({ partition, low, high }) => {
      const committed = done.get(partition) ?? -1n;
      const next = committed < 0n ? BigInt(low) : committed;
      return next >= BigInt(high);
    });
  });
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function makeTopics(admin: Admin, topics: readonly string[], log: Logger): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replicationFactor = brokers.length >= REPLICAS ? REPLICAS : 1;
  try {
    const isMade = await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor })),
    });
    if (isMade) log.info({ topics, partitions: PARTITIONS, replicationFactor }, 'topics made');
  } catch (err) {
    if (isKafkaRefusal(err)) {
      throw new UserError(
        `Kafka did not let us make the topics ${topics.join(' and ')} (${explainKafkaError(err)}). Have them made, with ${PARTITIONS} partitions each, or allow it.`,
        { cause: err },
      );
    }
    // Another service made them at the same time: then they are there now.
    const present = new Set(await admin.listTopics());
    if (!topics.every((topic) => present.has(topic))) throw err;
  }
}

async function checkConfigs(admin: Admin, topics: readonly string[], log: Logger): Promise<void> {
  const configNames = ['cleanup.policy', 'max.message.bytes', 'compression.type'];
  let resources;
  try {
    ({ resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames })),
    }));
  } catch (err) {
    if (!isKafkaRefusal(err)) throw err;
    log.warn({ topics, reason: explainKafkaError(err) }, 'the settings of the topics may not be read');
    return;
  }
  for (const { resourceName, configEntries } of resources) {
    const valueOf = (name: string): string | undefined =>
      configEntries.find((entry) => entry.configName === name)?.configValue;
    if (valueOf('cleanup.policy')?.includes('compact')) {
      throw new UserError(
        `The topic ${resourceName} has cleanup.policy=compact, which throws messages away. It must be "delete".`,
      );
    }
    const compression = valueOf('compression.type');
    if (compression !== undefined && !readableCompressions.has(compression)) {
      throw new UserError(
        `The topic ${resourceName} has compression.type=${compression}, which we cannot read. It must be "producer", "uncompressed" or "gzip".`,
      );
    }
    const bytes = valueOf('max.message.bytes');
    if (bytes !== undefined && Number(bytes) < MESSAGE_BYTES_MIN) {
      throw new UserError(
        `The topic ${resourceName} takes messages of at most ${bytes} bytes (max.message.bytes); it must be ${MESSAGE_BYTES_MIN} or more.`,
      );
    }
  }
}
