import { closeOnSignal, makeClosers, type Closers } from '@passbook/testing';
import { startProofKafka, type ProofKafka } from './kafka.js';
import { startProofPostgres, type ProofPostgres } from './postgres.js';

/** What all runs of a call share. */
export interface Servers {
  kafka: ProofKafka;
  postgres: ProofPostgres;
  /** For what a run starts: it is ended with the servers. */
  closers: Closers;
}

/** Lends servers; whatever happens, also Ctrl-C, they and what was added to their closers are ended. */
export async function withServers<T>(
  kafkaVersion: string,
  work: (servers: Servers) => Promise<T>,
): Promise<T> {
  const closers = makeClosers();
  const takeHandlersAway = closeOnSignal(closers);
  try {
    const kafka = await startProofKafka(kafkaVersion);
    closers.add(() => kafka.remove());
    const postgres = await startProofPostgres();
    closers.add(() => postgres.remove());
    return await work({ kafka, postgres, closers });
  } finally {
    await closers.closeAll();
    takeHandlersAway();
  }
}
