import { readCpu, subtractCpu } from './read-cpu.js';
import type { Drop } from './installation.js';
import { withInstallation, type InstallationPlan } from './installation.js';
import type { Input } from './make-inputs.js';
import { prefixValues, type Values } from './samples.js';
import type { Servers } from './servers.js';

/** From where to where a file is measured, in seconds. */
export const spans = {
  taken: 'drop → taken',
  loaded: 'drop → last row',
  loadedSinceTaken: 'taken → last row',
  statements: 'last row → last statement',
} as const;

/** What is to become of a file's rows: if it is something else, nothing was measured. */
export interface Expected {
  posted: number;
  duplicate: number;
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
  expected: Expected = { posted: input.rows, duplicate: 0 },
): Promise<Values> {
  return withInstallation(servers, plan, async ({ services, drop }) => {
    const before = readCpu(servers, services);
    const dropped = await drop(input.path);
    await dropped.untilTaken();
    const taken = sinceDrop(dropped);
    const { rowsPosted, rowsDuplicate } = await dropped.untilLoaded();
    const loaded = sinceDrop(dropped);
    const between = readCpu(servers, services);
    await dropped.untilReported();
    const reported = sinceDrop(dropped);
    const after = readCpu(servers, services);
    await dropped.untilDone();
    if (rowsPosted !== expected.posted || rowsDuplicate !== expected.duplicate)
      throw new Error(
        `${rowsPosted} rows were posted and ${rowsDuplicate} are duplicates, not ${expected.posted} and ${expected.duplicate}.`,
      );
    return {
      [spans.taken]: taken,
      [spans.loaded]: loaded,
      [spans.loadedSinceTaken]: loaded - taken,
      [spans.statements]: reported - loaded,
      ...prefixValues('cpu.load', subtractCpu(before, between)),
      ...prefixValues('cpu.statements', subtractCpu(between, after)),
      ...prefixValues('peak', services.readPeaks() ?? {}),
    };
  });
}

export function sinceDrop({ droppedAtMs }: Drop): number {
  return (performance.now() - droppedAtMs) / 1000;
}
