import { ConsumerDeadError, explainKafkaError, isKafkaWeather } from '@passbook/bus';
import { isDiskFull, isWeather } from '@passbook/database';
import { explainFileError, UserError } from '@passbook/runtime';

/** Bad weather passes by itself; what a user can mend is said in a sentence; a bug ends the process. */
export type Failure = { kind: 'weather' | 'mendable'; sentence: string } | { kind: 'bug' };

/** Tells a failure of a service to one of the three kinds. */
export function classifyFailure(err: unknown): Failure {
  if (err instanceof UserError) return { kind: 'mendable', sentence: err.message };
  if (isDiskFull(err)) {
    return { kind: 'mendable', sentence: 'The disk of the database is full. Make room; nothing is lost.' };
  }
  if (isWeather(err))
    return { kind: 'weather', sentence: `The database is away or busy (${(err as Error).message}).` };
  if (!(err instanceof ConsumerDeadError) && isKafkaWeather(err))
    return { kind: 'weather', sentence: `Kafka is away or busy (${explainKafkaError(err)}).` };
  const reason = explainFileError(err);
  if (reason !== null) {
    const { code, path, dest } = err as NodeJS.ErrnoException & { dest?: string };
    // Of a link or rename: what is full, closed or taken is where the new name would be.
    const named = code === 'ENOENT' ? path : (dest ?? path);
    return {
      kind: 'mendable',
      sentence: `${named ?? 'A file'} cannot be read or written: ${reason}. Nothing is lost.`,
    };
  }
  return { kind: 'bug' };
}
