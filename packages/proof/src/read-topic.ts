import { randomUUID } from 'node:crypto';
import type { ReceivedMessage } from '@passbook/contracts';
import { until } from '@passbook/testing';
import type { IHeaders, Kafka } from 'kafkajs';

/** Everything that a topic holds now. */
export async function readTopic(kafka: Kafka, topic: string): Promise<ReceivedMessage[]> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const wanted = new Map(
    ends
      .filter((end) => BigInt(end.high) > BigInt(end.low))
      .map((end) => [end.partition, BigInt(end.high) - 1n]),
  );
  const found: ReceivedMessage[] = [];
  if (wanted.size === 0) return found;
  const consumer = kafka.consumer({ groupId: `proof-${randomUUID()}`, allowAutoTopicCreation: false });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        found.push({
          topic,
          partition,
          offset: message.offset,
          key: message.key?.toString() ?? '',
          headers: readHeaders(message.headers),
          value: message.value ?? Buffer.alloc(0),
        });
        if (BigInt(message.offset) >= (wanted.get(partition) ?? -1n)) wanted.delete(partition);
        return Promise.resolve();
      },
    });
    await until(`${topic} is read to its end`, () => wanted.size === 0, 60_000);
    return found;
  } finally {
    await consumer.disconnect();
  }
}

function readHeaders(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}
