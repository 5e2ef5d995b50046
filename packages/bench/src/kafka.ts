import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { startLocalKafka } from '../../../scripts/local-kafka.mjs';
import { listProcesses, readProcessTimes, readTitle } from './read-process.js';

const RETRY_MS = 200;
const READY_DEADLINE_MS = 60_000;

/** A Kafka of the bench's own. */
export interface BenchKafka {
  version: string;
  brokers: string;
  /** Waits until these groups have so many members, and each member its partitions. */
  untilJoined(members: ReadonlyMap<string, number>): Promise<void>;
  /** Deletes the topics whose names begin so: their bytes are not needed any more. */
  deleteTopics(prefix: string): Promise<void>;
  /** CPU seconds since its start; null where that cannot be known. */
  readTime(): number | null;
  remove(): Promise<void>;
}

export async function startBenchKafka(notify: (sentence: string) => void): Promise<BenchKafka> {
  const broker = await startLocalKafka({ notify });
  try {
    await broker.ready();
    // In Docker its process is not ours to find.
    const pid = listProcesses().find(
      (one) => /^\S*java .*kafka\.Kafka /.test(readTitle(one)) && readTitle(one).includes(broker.folder),
    );
    const { Kafka, logLevel } = kafkajs;
    const admin = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return {
      version: broker.version,
      brokers: broker.brokers,
      untilJoined: (members) => untilJoined(admin, members),
      async deleteTopics(prefix) {
        const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
        if (topics.length > 0) await admin.deleteTopics({ topics });
      },
      readTime: () => (pid === undefined ? null : (readProcessTimes(pid)?.ownS ?? null)),
      async remove() {
        await admin.disconnect().catch(() => {});
        await broker.remove();
      },
    };
  } catch (err) {
    await broker.remove();
    throw err;
  }
}

async function untilJoined(admin: Admin, members: ReadonlyMap<string, number>): Promise<void> {
  const end = performance.now() + READY_DEADLINE_MS;
  for (;;) {
    const { groups } = await admin.describeGroups([...members.keys()]);
    const isJoined = groups.every(
      (group) => group.state === 'Stable' && group.members.length === members.get(group.groupId),
    );
    if (isJoined) return;
    if (performance.now() > end)
      throw new Error(`The groups ${[...members.keys()].join(', ')} are not complete.`);
    await pause(RETRY_MS);
  }
}
