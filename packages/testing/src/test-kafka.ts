import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { describe } from '@jest/globals';
import { until } from './until.js';

/** The broker that the setup of a test run started, or that KAFKA_BROKERS named. */
export interface TestKafka {
  /** A listener without passwords. */
  brokers: string;
  /** SASL_SSL with PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512; `ca` is the certificate to trust, in PEM. */
  secure: { brokers: string; ca: string; username: string; password: string } | null;
  /**
   * A listener that sends clients to `brokers`, where nothing listens until a test puts a proxy to `target` there.
   * The run has one such port: one file of tests uses it, or each starts a Kafka of its own.
   */
  proxied: { brokers: string; target: { host: string; port: number } } | null;
}

/** What tests/setup/start-kafka.mjs writes; `state` is a file that says `ready` or what went wrong. */
type Announced = TestKafka & { source: string; state: string | null };

/** `describe` where the run has a Kafka, else `describe.skip`; the setup has said loudly why. */
export const describeKafka: (name: string, tests: () => void) => void = (name, tests) => {
  // Of jest, which is not there when this package is imported by anything but a test.
  const jest = globalThis as unknown as { describe: typeof describe };
  if (announced() === null) jest.describe.skip(name, tests);
  else jest.describe(name, tests);
};

/**
 * The Kafka of the run, when it answers. Tests share it: topics and groups have names from `uniqueName`.
 * @throws when there is none, or it did not start
 */
export async function testKafka(): Promise<TestKafka> {
  const kafka = announced();
  if (kafka === null) throw new Error('TEST_KAFKA is not set: write describeKafka in place of describe.');
  const { state, brokers, secure, proxied } = kafka;
  if (state !== null) {
    const said = await until('Kafka answers', () => readFileSync(state, 'utf8') || null);
    if (said !== 'ready') throw new Error(said);
  }
  return { brokers, secure, proxied };
}

/** A name that no other test has, for topics and groups. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

function announced(): Announced | null {
  const text = process.env['TEST_KAFKA'];
  return text ? (JSON.parse(text) as Announced) : null;
}
