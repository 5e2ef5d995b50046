import { readCpu, subtractCpu } from './read-cpu.js';
import { withInstallation, type Drop, type InstallationPlan } from './installation.js';
import type { Input } from './make-inputs.js';
import { prefixValues, type Values } from './samples.js';
import type { Servers } from './servers.js';
import type { Services } from './services.js';

/** From where to where a file is measured, in seconds. */
export const spans = {
  taken: 'drop → taken',
  loaded: 'drop → last row',
  loadedSinceTaken: 'taken → last row',
  statements: 'last row → last statement',
} as const;

export interface ImportQuestion {
  /** Rows that are to be duplicates, the others are to be posted: if it is otherwise, nothing was measured. */
  duplicates?: number;
  /** Whether it is over with the last row. */
  withoutStatements?: boolean;
}

/**
 * Drops a file in front of idle services, and measures until its last statement is written.
 * @returns `spans`; CPU seconds by process until the last row (`cpu.load.…`) and from there to the last statement
 * (`cpu.statements.…`); the most memory of each (`peak.…`, MiB)
 */
export async function measureImport(
  servers: Servers,
  plan: InstallationPlan,
  input: Input,
  { duplicates = 0, withoutStatements = false }: ImportQuestion = {},
): Promise<Values> {
  return withInstallation(servers, plan, async ({ services, drop }) => {
    let before: Values = {};
    const dropped = await drop(input.path, () => (before = readCpu(servers, services)));
    await dropped.untilTaken();
    const taken = sinceDrop(dropped);
    const { rowsPosted, rowsDuplicate } = await dropped.untilLoaded();
    const loaded = sinceDrop(dropped);
    const between = readCpu(servers, services);
    if (rowsPosted !== input.rows - duplicates || rowsDuplicate !== duplicates)
      throw new Error(
        `${rowsPosted} of ${input.rows} rows were posted, and ${rowsDuplicate} are duplicates.`,
      );
    const statements = withoutStatements ? {} : await measureStatements(servers, services, dropped, between);
    await dropped.untilDone();
    return {
      [spans.taken]: taken,
      [spans.loaded]: loaded,
      [spans.loadedSinceTaken]: loaded - taken,
      ...statements,
      ...prefixValues('cpu.load', subtractCpu(before, between)),
      ...prefixValues('peak', services.readPeaks() ?? {}),
    };
  });
}

/** From the last row, which was just seen, to the last statement. */
async function measureStatements(
  servers: Servers,
  services: Services,
  dropped: Drop,
  before: Values,
): Promise<Values> {
  const since = performance.now();
  await dropped.untilReported();
  return {
    [spans.statements]: (performance.now() - since) / 1000,
    ...prefixValues('cpu.statements', subtractCpu(before, readCpu(servers, services))),
  };
}

export function sinceDrop({ droppedAtMs }: Drop): number {
  return (performance.now() - droppedAtMs) / 1000;
}
