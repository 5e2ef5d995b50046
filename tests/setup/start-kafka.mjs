// One Kafka for a run. It is not waited for: tests without Kafka begin at once, the others wait for it in `testKafka()`
// (packages/testing).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findKafkaSource, startLocalKafka } from '../../scripts/local-kafka.mjs';

const NO_KAFKA =
  'NO KAFKA: every test that needs one is SKIPPED. Set KAFKA_BROKERS to a broker of yours, or install Java 17 and Maven, or start Docker.';

export default async function startKafka() {
  globalThis.testKafka = {};
  const given = process.env.KAFKA_BROKERS;
  if (given) {
    announce({ brokers: given, secure: null, proxied: null, source: 'given', state: null });
    // A service that a test starts goes where the test says.
    delete process.env.KAFKA_BROKERS;
  } else await startOne();
}

async function startOne() {
  delete process.env.TEST_KAFKA;
  try {
    if ((await findKafkaSource()) === null) throw new Error(NO_KAFKA);
    const kafka = await startLocalKafka({ notify: tell });
    globalThis.testKafka.kafka = kafka;
    const state = join(kafka.folder, 'state');
    writeFileSync(state, '');
    const tellTests = (text) => {
      // A short run is over before its Kafka is ready, and the folder is gone.
      if (globalThis.testKafka?.kafka === kafka) writeFileSync(state, text);
    };
    kafka.ready().then(
      () => tellTests('ready'),
      (err) => tellTests(err.message),
    );
    const { brokers, secure, proxied, source } = kafka;
    announce({ brokers, secure, proxied, source, state });
  } catch (err) {
    tell(NO_KAFKA);
    if (err.message !== NO_KAFKA) tell(err.message);
  }
}

function announce(kafka) {
  process.env.TEST_KAFKA = JSON.stringify(kafka);
}

function tell(line) {
  process.stderr.write(`${line}\n`);
}
