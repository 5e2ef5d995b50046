import { faults } from './faults.js';
import type { ProveOptions } from './options.js';
import { withServers } from './servers.js';
import { runSeed, type SeedResult } from './run-seed.js';
import { UserError } from '@passbook/runtime';

/** After the last fault: sessions and leases end; chunks that are lost are made again after 30 s, twice at the most. */
const QUIET_MS = 240_000;

/**
 * Runs seed after seed, and tells a line of each.
 * @returns whether all were green
 * @throws UserError for a fault that there is not
 */
export async function prove(options: ProveOptions, tell: (line: string) => void): Promise<boolean> {
  for (const name of options.faults ?? []) {
    if (!(name in faults))
      throw new UserError(`There is no fault ${name}. There are: ${Object.keys(faults).join(', ')}.`, {
        exitCode: 2,
      });
  }
  return withServers(options.kafka, async (servers) => {
    const met = new Map<string, number>();
    const red: number[] = [];
    for (const seed of options.seeds) {
      const startedAtMs = performance.now();
      const plan = { ...options, original: options.root, quietMs: QUIET_MS, seed };
      const result = await runSeed(servers, plan);
      for (const name of result.met.filter((one) => one in faults)) met.set(name, (met.get(name) ?? 0) + 1);
      if (result.findings.length > 0) red.push(seed);
      tell(describeSeed(seed, result, Math.round((performance.now() - startedAtMs) / 1000), options));
    }
    tell(describeMet(met));
    tell(
      red.length === 0
        ? `All of ${options.seeds.length} seeds are green on Kafka ${servers.kafka.version}.`
        : `Red: ${red.map((seed) => `npm run prove -- --seed ${seed} --rows ${options.rows}`).join('; ')}`,
    );
    return red.length === 0;
  });
}

function describeMet(met: ReadonlyMap<string, number>): string {
  const times = [...met].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`);
  const unmet = Object.keys(faults).filter((name) => !met.has(name));
  return `Met: ${times.join(', ')}.${unmet.length > 0 ? ` Not met: ${unmet.join(', ')}.` : ''}`;
}

function describeSeed(seed: number, result: SeedResult, seconds: number, options: ProveOptions): string {
  const { findings, figures, met, lost, repairs, moves } = result;
  const rows = figures
    ? `${figures.rowsRead} rows of ${figures.filesDropped} files: ${figures.rowsPosted} posted, ${figures.rowsDuplicate} duplicates, ` +
      `${figures.rowsQuarantined} quarantined, ${figures.statements} statements; ${moves.asked} of ${moves.moves} moves looked at; ` +
      `${lost} chunks taken away, ${repairs} repairs`
    : '';
  const head = `seed ${seed}: ${findings.length === 0 ? 'green' : 'RED'} in ${seconds} s. ${rows}. Met: ${met.join(', ')}.`;
  const kept = options.keep ? [`  kept in ${result.path}`] : [];
  return [head, ...findings.map((finding) => `  ${finding}`), ...kept].join('\n');
}
