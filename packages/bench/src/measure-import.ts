import type { BenchKafka } from './kafka.js';
import type { BenchPostgres } from './postgres.js';
import type { Input } from './make-inputs.js';
import { readMachineTime, readProcessTimes } from './read-process.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';
import type { Services } from './services.js';
import { withInstallation, type InstallationPlan } from './installation.js';

/** What is to become of a file's rows: if it is something else, nothing was measured. */
export interface Expected {
  posted: number;
  duplicate: number;
}

/**
 * Drops a file in front of idle services, and measures until its last statement is written.
 * @returns seconds from the drop: `taken`, `loaded`, `reported`; CPU seconds by process until the last row (`cpu.load.…`)
 * and from there to the last statement (`cpu.statements.…`); the most memory of each (`peak.…`, MiB)
 */
export async function measureImport(
  servers: Servers,
  plan: InstallationPlan,
  input: Input,
  expected: Expected = { posted: input.rows, duplicate: 0 },
): Promise<Values> {
  return withInstallation(servers, plan, async ({ services, drop }) => {
    const before = readCpu(servers, services);
    const dropped = await drop(input.path);
    const sinceDrop = (): number => (performance.now() - dropped.droppedAtMs) / 1000;
    await dropped.untilTaken();
    const taken = sinceDrop();
    const { rowsPosted, rowsDuplicate } = await dropped.untilLoaded();
    const loaded = sinceDrop();
    const between = readCpu(servers, services);
    await dropped.untilReported();
    const reported = sinceDrop();
    const after = readCpu(servers, services);
    await dropped.untilDone();
    if (rowsPosted !== expected.posted || rowsDuplicate !== expected.duplicate)
      throw new Error(
        `${rowsPosted} rows were posted and ${rowsDuplicate} are duplicates, not ${expected.posted} and ${expected.duplicate}.`,
      );
    return {
      taken,
      loaded,
      reported,
      rows: input.rows,
      ...subtract('cpu.load', before, between),
      ...subtract('cpu.statements', between, after),
      ...prefixed('peak', services.readPeaks() ?? {}),
    };
  });
}

/** CPU seconds so far, by whom. Empty where they cannot be read. */
function readCpu(
  { kafka, postgres }: { kafka: BenchKafka; postgres: BenchPostgres },
  services: Services,
): Values {
  const ours = services.readTimes();
  const database = postgres.readTimes();
  const machine = readMachineTime();
  if (ours === null || database === null || machine === null) return {};
  const parts: Values = {
    ...ours,
    'Postgres, connections': database.backends,
    'Postgres, background': database.background,
    ...prefixedIfThere('Kafka', kafka.readTime()),
    bench: readProcessTimes(process.pid)?.ownS ?? 0,
  };
  const known = Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);
  return { ...parts, 'all others on this machine': machine - known };
}

function prefixedIfThere(name: string, value: number | null): Values {
  return value === null ? {} : { [name]: value };
}

function subtract(prefix: string, before: Values, after: Values): Values {
  return prefixed(
    prefix,
    Object.fromEntries(
      Object.entries(after).map(([name, value]) => [name, Math.max(0, value - (before[name] ?? 0))]),
    ),
  );
}

function prefixed(prefix: string, values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}
