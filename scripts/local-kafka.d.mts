/** What `startLocalKafka` runs unless it is told another version. */
export const KAFKA_VERSION: string;

export interface LocalKafkaOptions {
  /** A version of Kafka, such as `3.9.2`. Default `KAFKA_VERSION`. */
  version?: string;
  /** Java's heap, such as `1g`. Default `512m`. */
  heapMax?: string;
  /** Gets a sentence when something takes long, such as the first fetch. */
  notify?: (sentence: string) => void;
}

/** A broker of this machine; all of its calls may be made twice. */
export interface LocalKafka {
  source: 'maven' | 'docker';
  version: string;
  /** A listener without passwords: `127.0.0.1:PORT`. */
  brokers: string;
  /** SASL_SSL with PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512; `ca` is the certificate to trust, in PEM. Null in Docker, and without `keytool`. */
  secure: { brokers: string; ca: string; username: string; password: string } | null;
  /** A listener at `target` that sends clients to `brokers`, where nothing listens until a proxy does. */
  proxied: { brokers: string; target: { host: string; port: number } };
  /** Its own among the temporary files; `remove` deletes it. */
  folder: string;
  /** The file of its log, in the folder; null in Docker. */
  log: string | null;
  /**
   * Resolves when the broker takes requests.
   * @throws with the last lines of its log when it does not run, or not within 90 s
   */
  ready(): Promise<void>;
  /** Kills it; resolves when it is gone. */
  crash(): Promise<void>;
  /** Ends it in an orderly way; what takes longer than 15 s is killed. */
  stop(): Promise<void>;
  /** Starts it again with the same ports and data, without waiting for it to answer. */
  start(): Promise<void>;
  /** Kills it and deletes its data. */
  remove(): Promise<void>;
}

/** What a broker can be made of here: `maven` is Java with jars, in the cache or by Maven. */
export function findKafkaSource(version?: string): Promise<'maven' | 'docker' | null>;

/**
 * Starts a broker and returns without waiting for it to answer. The first time it fetches Kafka.
 * @throws when there is neither Java with Maven nor Docker, or Kafka cannot be fetched
 */
export function startLocalKafka(options?: LocalKafkaOptions): Promise<LocalKafka>;
