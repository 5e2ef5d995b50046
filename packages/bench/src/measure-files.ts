import { withInstallation, type InstallationPlan } from './installation.js';
import type { Input } from './make-inputs.js';
import { sinceDrop, spans } from './measure-import.js';
import { readCpu, subtractCpu } from './read-cpu.js';
import { prefixValues, type Values } from './samples.js';
import type { Servers } from './servers.js';

/**
 * Drops several files at once in front of idle services.
 * @returns seconds from the drop until the first is taken, the last row is committed, the last report is written; CPU seconds by
 * process until the last row (`cpu.load.…`) and from there to the last report (`cpu.statements.…`); the most memory of each
 * (`peak.…`, MiB)
 */
export async function measureFiles(
  servers: Servers,
  plan: InstallationPlan,
  inputs: readonly Input[],
): Promise<Values> {
  return withInstallation(servers, plan, async ({ services, drop }) => {
    let before: Values = {};
    const dropped = await Promise.all(
      inputs.map(({ path }) => drop(path, () => (before = readCpu(servers, services)))),
    );
    const first = dropped[0]!;
    await first.untilTaken();
    const taken = sinceDrop(first);
    const progresses = await Promise.all(dropped.map((one) => one.untilLoaded()));
    const loaded = sinceDrop(first);
    const between = readCpu(servers, services);
    for (const [at, { rowsPosted }] of progresses.entries()) {
      const { rows, path } = inputs[at]!;
      if (rowsPosted !== rows) throw new Error(`${rowsPosted} of ${rows} rows of ${path} were posted.`);
    }
    await Promise.all(dropped.map((one) => one.untilReported()));
    const reported = sinceDrop(first);
    const after = readCpu(servers, services);
    await Promise.all(dropped.map((one) => one.untilDone()));
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
