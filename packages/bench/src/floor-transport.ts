import { randomUUID } from 'node:crypto';
import { makeKafkaBus, type Bus } from '@passbook/bus';
import { encodeChunk, hashPayload, type Message } from '@passbook/contracts';
import { makeLogger } from '@passbook/runtime';
import { until } from '@passbook/testing';
import { timed } from './floor-reading.js';
import type { Input } from './make-inputs.js';
import { readChunks } from './read-chunks.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';

const TOPIC = 'floor';
const GROUP = 'reader';
const LARGE_BYTES = 256 * 1024;

/** As the chunker does: so much is handed to the bus at once, and it waits until Kafka has it. */
const BYTES_PER_PUBLISH = 1024 * 1024;
const MESSAGES_PER_PUBLISH = 500;
const DEADLINE_MS = 10 * 60_000;

/** What it takes to get the bytes of the chunks through Kafka, from the first that is sent to the last that is received. */
export async function measureTransport(servers: Servers, { path }: Input): Promise<Values> {
  const chunks: Message[] = [];
  for await (const { key, rows, payload } of readChunks(path)) {
    const header = {
      importId: randomUUID(),
      importNo: 1,
      chunkNo: chunks.length + 1,
      feed: 'transactions',
      rows,
    };
    chunks.push(encodeChunk({ ...header, payloadSha256: hashPayload(payload) }, key, payload));
  }
  const large = cutIntoMessages(Buffer.concat(chunks.map(({ value }) => value)));
  const names = [`${large.length} messages of 256 KiB`, `the ${chunks.length} chunks as they are`];
  return {
    [`${names[0]} through Kafka`]: await carry(servers, large),
    [`${names[1]} through Kafka`]: await carry(servers, chunks),
  };
}

function cutIntoMessages(bytes: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length; at += LARGE_BYTES)
    messages.push({ key: String(at), headers: {}, value: bytes.subarray(at, at + LARGE_BYTES) });
  return messages;
}

/** @returns seconds */
async function carry({ kafka }: Servers, messages: readonly Message[]): Promise<number> {
  const prefix = `floor-${randomUUID().slice(0, 8)}.`;
  const bus = await makeKafkaBus({
    access: { brokers: [kafka.brokers], tls: null, sasl: null },
    prefix,
    topics: [TOPIC],
    log: makeLogger('silent'),
  });
  try {
    let received = 0;
    const failures: unknown[] = [];
    await bus.consume(TOPIC, {
      group: GROUP,
      batchMessagesMax: MESSAGES_PER_PUBLISH,
      handle: (batch) => Promise.resolve(void (received += batch.length)),
      onFailure: (err) => failures.push(err),
    });
    await kafka.untilJoined(new Map([[prefix + GROUP, 1]]));
    return await timed(async () => {
      await publishAll(bus, messages);
      await until('all is received', () => failures.length > 0 || received >= messages.length, DEADLINE_MS);
      if (failures.length > 0) throw failures[0];
    });
  } finally {
    await bus.stop();
    await kafka.deleteTopics(prefix);
  }
}

async function publishAll(bus: Bus, messages: readonly Message[]): Promise<void> {
  let gathered: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    gathered.push(message);
    bytes += message.value.length;
    if (bytes < BYTES_PER_PUBLISH && gathered.length < MESSAGES_PER_PUBLISH) continue;
    await bus.publish(TOPIC, gathered);
    gathered = [];
    bytes = 0;
  }
  await bus.publish(TOPIC, gathered);
}
