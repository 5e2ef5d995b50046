import type { Logger } from '@passbook/runtime';
import kafkajs, { type Kafka, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import { guardIdleConnections } from './kafka-idle-guard.js';

// kafkajs is CommonJS: not all of its names can be imported as such.
const { KafkaJSAggregateError, KafkaJSError, KafkaJSProtocolError, logLevel } = kafkajs;

/** How a Kafka cluster is reached. */
export interface KafkaAccess {
  /** `host:port`, one or more: the others are found through them. */
  brokers: readonly string[];
  /** TLS: null for none. Texts in PEM; without a `ca`, Node's own list of authorities. */
  tls: { ca?: string; cert?: string; key?: string } | null;
  sasl: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string } | null;
}

/** Within one call kafkajs tries again for about ten seconds; who calls goes on from there, without end. */
const RETRY = { initialRetryTime: 200, multiplier: 2, factor: 0.2, maxRetryTime: 3_000, retries: 5 };

/** A client with every default written out: those of kafkajs change with NODE_ENV. */
export function makeKafkaClient(access: KafkaAccess, log: Logger): Kafka {
  guardIdleConnections();
  return new kafkajs.Kafka({
    clientId: 'passbook',
    brokers: [...access.brokers],
    ...describeSecurity(access),
    connectionTimeout: 10_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    // Whether a consumer that ended is made anew is decided in kafka-consumer.ts.
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logEntry(log, entry),
  });
}

function describeSecurity({ tls, sasl }: KafkaAccess): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(tls === null ? {} : { ssl: { ...tls, ...(tls.ca === undefined ? {} : { ca: [tls.ca] }) } }),
    ...(sasl === null ? {} : { sasl: sasl as SASLOptions }),
  };
}

/** What kafkajs calls an error it mostly tries again by itself: ours to tell is what it gave up. */
function logEntry(log: Logger, { namespace, level, log: entry }: LogEntry): void {
  const text = `kafkajs: ${namespace}: ${entry.message}`;
  if (level <= logLevel.ERROR) log.debug({ entry }, text);
  else log.trace({ entry }, text);
}

/**
 * Whether the same may succeed later without anyone changing it: the broker away, loading, electing. What kafkajs itself
 * calls retriable is too narrow (a coordinator that is still loading is not), so it is all that is neither a refusal nor
 * an error of the language.
 */
export function isKafkaWeather(err: unknown): boolean {
  const root = findRoot(err);
  // It throws this one as an error of no kind, when what listens there hangs up at once.
  if (root instanceof Error && root.message === 'Broker not connected') return true;
  return root instanceof KafkaJSError && !isKafkaRefusal(err) && !incapable.has(root.name);
}

/** Errors of kafkajs that mean: it cannot do this at all, such as read a compression that it does not know. */
const incapable = new Set([
  'KafkaJSNotImplemented',
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSUnsupportedMagicByteInMessageSet',
]);

/** In plain words why Kafka did not do it: the first cause, without the repetitions of kafkajs. */
export function explainKafkaError(err: unknown): string {
  const root = findRoot(err);
  return root instanceof Error ? root.message : String(root);
}

/** Codes of Kafka's protocol that a user can mend. */
const mendable = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_TOPIC_EXCEPTION',
  'POLICY_VIOLATION',
  'UNSUPPORTED_VERSION',
]);

/** Whether a setting of ours or of the cluster has to change first. */
export function isKafkaRefusal(err: unknown): boolean {
  const root = findRoot(err) as { type?: string; name?: string };
  return mendable.has(root.type ?? '') || root.name === 'KafkaJSSASLAuthenticationError';
}

/** Whether a topic is just being made, or a leader or a coordinator chosen, and kafkajs did not wait: not all of its calls do. */
export function isElection(err: unknown): boolean {
  return err instanceof KafkaJSProtocolError && err.retriable;
}

/** kafkajs wraps an error once for each layer that tried again, and gathers those of several topics. */
function findRoot(err: unknown): unknown {
  if (err instanceof KafkaJSAggregateError) return findRoot(err.errors[0]);
  return err instanceof KafkaJSError && err.cause instanceof Error ? findRoot(err.cause) : err;
}
