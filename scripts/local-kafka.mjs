// A Kafka of this machine for tests and measurements: one node, broker and controller, all of it on 127.0.0.1.
// It is run from Maven's jars, else in Docker. Its ports and its folder are its own, so that what a killed run left
// behind disturbs nobody. Uses node's own modules only.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeContainerBroker, isDockerThere } from './local-kafka-container.mjs';
import { askForBrokers } from './local-kafka-probe.mjs';
import { fetchJars, findCachedJars, isJavaThere, isMavenThere } from './local-kafka-jars.mjs';
import { makeJavaBroker } from './local-kafka-java.mjs';
import { chooseFreePorts } from './local-kafka-ports.mjs';

export const KAFKA_VERSION = '4.3.1';

/** After a crash a broker waits for its own old session to end, and a busy machine is slow: 3 s are usual. */
const READY_DEADLINE_MS = 90_000;
const PROBE_PAUSE_MS = 100;
/** A broker that does not end by then is killed. */
const STOP_GRACE_MS = 15_000;

/** What a broker can be made of here: Java with jars (in the cache, or by Maven), Docker, or nothing. */
export async function findKafkaSource(version = KAFKA_VERSION) {
  if (isJavaThere() && (findCachedJars(version) !== null || isMavenThere())) return 'maven';
  return isDockerThere() ? 'docker' : null;
}

/**
 * Starts a broker and returns without waiting for it to answer (`ready()` does). The first time it fetches Kafka.
 * @throws when there is neither Java with Maven nor Docker, or Kafka cannot be fetched
 */
export async function startLocalKafka(options = {}) {
  const { version = KAFKA_VERSION, heapMax = '512m', notify = () => {} } = options;
  const source = await findKafkaSource(version);
  if (source === null)
    throw new Error('No Kafka can be started: it takes Java 17 or later and Maven, or Docker.');
  const jars = source === 'maven' ? await fetchJars(version, notify) : null;
  const folder = mkdtempSync(join(tmpdir(), 'passbook-kafka-'));
  const ports = await chooseFreePorts();
  const broker = await makeBroker().catch((err) => {
    rmSync(folder, { recursive: true, force: true });
    throw err;
  });
  return {
    source,
    version,
    brokers: `127.0.0.1:${ports.plain}`,
    secure: broker.secure,
    proxied: {
      brokers: `127.0.0.1:${ports.advertised}`,
      target: { host: '127.0.0.1', port: ports.proxied },
    },
    folder,
    log: broker.log,
    ready: () => untilAnswers(broker, ports.plain),
    start: () => broker.start(),
    crash: () => broker.kill(),
    stop: () => broker.stop(STOP_GRACE_MS),
    async remove() {
      await broker.kill();
      await broker.remove();
    },
  };

  async function makeBroker() {
    const made =
      jars === null
        ? makeContainerBroker({ version, folder, ports, heapMax, notify })
        : await makeJavaBroker({ jars, folder, ports, heapMax });
    await made.start();
    return made;
  }
}

async function untilAnswers(broker, port) {
  const deadline = performance.now() + READY_DEADLINE_MS;
  for (;;) {
    // Asked before the probe: a broker that answers must not be reported dead because it was killed since.
    const isRunning = await broker.isRunning();
    if (isRunning && (await askForBrokers('127.0.0.1', port).catch(() => 0)) > 0) return;
    if (!isRunning) throw new Error(`Kafka is not running. ${broker.lastLines()}`);
    if (performance.now() > deadline)
      throw new Error(`Kafka did not answer within ${READY_DEADLINE_MS / 1000} s. ${broker.lastLines()}`);
    await new Promise((resolve) => setTimeout(resolve, PROBE_PAUSE_MS));
  }
}
