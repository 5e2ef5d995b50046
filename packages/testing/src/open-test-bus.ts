import { makeKafkaBus, type Bus, type ConsumeOptions, type KafkaAccess } from '@passbook/bus';
import type { Message } from '@passbook/contracts';
import { makeLogger } from '@passbook/runtime';
import { testKafka } from './test-kafka.js';

/** A bus on the Kafka of the run; whoever opens it stops it. */
export async function openTestBus(
  topics: readonly string[],
  options: { prefix?: string; access?: KafkaAccess } = {},
): Promise<Bus> {
  const access = options.access ?? withoutSecurity((await testKafka()).brokers);
  return makeKafkaBus({ access, prefix: options.prefix ?? '', topics, log: makeLogger('silent') });
}

/** How brokers are reached that ask for nothing. */
export function withoutSecurity(brokers: string): KafkaAccess {
  return { brokers: [brokers], tls: null, sasl: null };
}

export function textMessage(key: string, text: string): Message {
  return { key, headers: {}, value: Buffer.from(text) };
}

/** The one group that consumes a topic in a test: Kafka gives the members of a group the topics of any of them. */
export function groupOf(topic: string): string {
  return `group of ${topic}`;
}

/** Consumes a topic. @returns the texts that came, in their order; it grows */
export function collectTexts(bus: Bus, topic: string, options: Partial<ConsumeOptions> = {}): string[] {
  const seen: string[] = [];
  void bus.consume(topic, {
    group: groupOf(topic),
    batchMessagesMax: 100,
    handle: (batch) => Promise.resolve(void seen.push(...batch.map(({ value }) => value.toString()))),
    onFailure: () => {},
    ...options,
  });
  return seen;
}
