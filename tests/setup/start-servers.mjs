import startKafka from './start-kafka.mjs';
import startPostgres from './start-postgres.mjs';

/** The servers of a run, started by the first project that uses them. Postgres is waited for, Kafka is not. */
export default async function startServers() {
  globalThis.testProjects = (globalThis.testProjects ?? 0) + 1;
  if (globalThis.testProjects === 1) await Promise.all([startPostgres(), startKafka()]);
}
