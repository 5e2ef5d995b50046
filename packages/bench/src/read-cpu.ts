import { readMachineTime, readProcessTimes } from './read-process.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';
import type { Services } from './services.js';

/** CPU seconds so far, by whom. Empty where they cannot be read. */
export function readCpu({ kafka, postgres }: Servers, services: Services): Values {
  const ours = services.readTimes();
  const database = postgres.readTimes();
  const broker = kafka.readTime();
  const machine = readMachineTime();
  if (ours === null || database === null || machine === null) return {};
  const parts: Values = {
    ...ours,
    'Postgres, connections': database.backends,
    'Postgres, background': database.background,
    ...(broker === null ? {} : { Kafka: broker }),
    'the bench itself': readProcessTimes(process.pid)?.ownS ?? 0,
  };
  const known = Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);
  return { ...parts, 'all others on this machine': machine - known };
}

/** What was used between two readings. The figures are rounded by the kernel: a difference may be a little below zero. */
export function subtractCpu(before: Values, after: Values): Values {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, Math.max(0, value - (before[name] ?? 0))]),
  );
}
