import { closeOnSignal, makeClosers, type Closers } from '@passbook/testing';
import { startBenchKafka, type BenchKafka } from './kafka.js';
import { startBenchPostgres, type BenchPostgres } from './postgres.js';

/** What all cases of a run share. */
export interface Servers {
  kafka: BenchKafka;
  postgres: BenchPostgres;
  /** For what a case starts: it is ended with the servers. */
  closers: Closers;
}

/** Lends servers; whatever happens, also Ctrl-C, they and what was added to their closers are ended. */
export async function withServers<T>(
  tell: (line: string) => void,
  work: (servers: Servers) => Promise<T>,
): Promise<T> {
  const closers = makeClosers();
  const takeHandlersAway = closeOnSignal(closers);
  try {
    const kafka = await begin(closers, startBenchKafka(tell));
    const postgres = await begin(closers, startBenchPostgres());
    return await work({ kafka, postgres, closers });
  } finally {
    await closers.closeAll();
    takeHandlersAway();
  }
}

/** What is still starting when the run ends is ended as soon as it has started. */
async function begin<T extends { remove(): Promise<void> }>(
  closers: Closers,
  starting: Promise<T>,
): Promise<T> {
  closers.add(() =>
    starting.then(
      (server) => server.remove(),
      () => {},
    ),
  );
  const server = await starting;
  if (closers.isClosing()) throw new Error('The run is over.');
  return server;
}
