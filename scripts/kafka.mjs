// npm run kafka [-- VERSION]: a Kafka on this machine for a developer, until Ctrl-C, which deletes its data.
import { startLocalKafka } from './local-kafka.mjs';

const tell = (line) => process.stderr.write(`${line}\n`);
const version = process.argv[2];
const stopped = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
});

let kafka = null;
try {
  kafka = await startLocalKafka({ ...(version ? { version } : {}), notify: tell });
  tell(`Starting Kafka ${kafka.version} …`);
  await Promise.race([kafka.ready(), stopped]);
  process.stdout.write(`KAFKA_BROKERS=${kafka.brokers}\n`);
  tell('Ctrl-C ends it and deletes its data.');
  await stopped;
} catch (err) {
  tell(err.message);
  process.exitCode = 1;
} finally {
  await kafka?.remove();
}
