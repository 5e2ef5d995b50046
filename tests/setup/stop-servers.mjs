import stopKafka from './stop-kafka.mjs';
import stopPostgres from './stop-postgres.mjs';

/** The last project of a run that used the servers ends them. */
export default async function stopServers() {
  globalThis.testProjects -= 1;
  if (globalThis.testProjects === 0) await Promise.all([stopPostgres(), stopKafka()]);
}
