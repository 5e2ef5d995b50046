import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '@passbook/runtime';
import { makeCopy, type Copy } from './mutate.js';
import { mutants, withoutRepair, type Change, type Mutant } from './mutants.js';
import { withServers, type Servers } from './servers.js';
import { runSeed } from './run-seed.js';

/** A fault that needs luck to show gets so many runs. */
const SEEDS_MAX = 4;
const ROWS = 30_000;

/** What is not done by then will not be: nothing was lost that only time brings back but what the repair finds after 30 s. */
const QUIET_MS = 75_000;

export interface MutantOptions {
  /** The product as it is. */
  root: string;
  kafka: string;
  /** Part of a name; null: all. */
  only: string | null;
}

/**
 * Breaks a copy of the product in each known way, runs it, and looks whether the checker goes red.
 * @returns whether every mutant was caught
 * @throws UserError when there is no mutant of that name
 */
export async function proveMutants(options: MutantOptions, tell: (line: string) => void): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => options.only === null || name.includes(options.only));
  if (chosen.length === 0) throw new UserError(`There is no mutant ${options.only}.`, { exitCode: 2 });
  const survivors = await withServers(options.kafka, async (servers) => {
    const copy = await makeCopy(options.root);
    servers.closers.add(() => copy.remove());
    const missed: string[] = [];
    if (!(await isGreenUnchanged(servers, options, copy, chosen, tell))) missed.push('the product as it is');
    for (const mutant of chosen) {
      if (!(await catchMutant(servers, options, copy, mutant, tell))) missed.push(mutant.name);
    }
    return missed;
  });
  tell(
    survivors.length === 0
      ? `All of ${chosen.length} mutants are caught.`
      : `${survivors.length} of ${chosen.length} mutants are not as they should be: ${survivors.join('; ')}.`,
  );
  return survivors.length === 0;
}

/** Under all these faults together, and in the same time, the product as it is must be green. */
async function isGreenUnchanged(
  servers: Servers,
  options: MutantOptions,
  copy: Copy,
  chosen: readonly Mutant[],
  tell: (line: string) => void,
): Promise<boolean> {
  const faults = [...new Set(chosen.flatMap((mutant) => mutant.faults))];
  const { finding } = await runMutant(servers, options, copy, [], { faults, rows: ROWS, seedsMax: 1 });
  tell(`the product as it is: ${finding === null ? 'green' : `RED: ${finding}`}`);
  return finding === null;
}

/** @returns whether the checker went red, and green where the repair makes good what was lost */
async function catchMutant(
  servers: Servers,
  options: MutantOptions,
  copy: Copy,
  { name, changes, faults, rows = ROWS, isHealed }: Mutant,
  tell: (line: string) => void,
): Promise<boolean> {
  let isMadeGood = true;
  if (isHealed) {
    const healed = await runMutant(servers, options, copy, changes, { faults, rows, seedsMax: 1 });
    isMadeGood = healed.finding === null;
    const how = isMadeGood ? 'made good' : `RED: ${healed.finding}`;
    tell(`${name}, with repair: ${how} (${healed.repairs} repairs)`);
  }
  const all = isHealed ? [...changes, withoutRepair] : changes;
  const { finding, seed } = await runMutant(servers, options, copy, all, {
    faults,
    rows,
    seedsMax: SEEDS_MAX,
  });
  const what = isHealed ? `${name}, without repair` : name;
  tell(finding === null ? `${what}: NOT CAUGHT` : `${what}: caught (seed ${seed}): ${finding}`);
  return finding !== null && isMadeGood;
}

/** @returns the first finding of the first seed that is red */
async function runMutant(
  servers: Servers,
  options: MutantOptions,
  copy: Copy,
  changes: readonly Change[],
  { faults, rows, seedsMax }: { faults: readonly string[]; rows: number; seedsMax: number },
): Promise<{ finding: string | null; seed: number; repairs: number }> {
  await copy.change(changes);
  let repairs = 0;
  try {
    build(copy.root);
    for (let seed = 1; seed <= seedsMax; seed++) {
      const plan = {
        seed,
        rows,
        faults,
        root: copy.root,
        original: options.root,
        keep: false,
        quietMs: QUIET_MS,
      };
      const result = await runSeed(servers, plan);
      repairs += result.repairs;
      if (result.findings[0] !== undefined) return { finding: shorten(result.findings), seed, repairs };
    }
    return { finding: null, seed: seedsMax, repairs };
  } finally {
    await copy.restore();
  }
}

function build(root: string): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The mutant cannot be built: ${stderr}`);
}

function shorten(findings: readonly string[]): string {
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  return `${findings[0]!.replaceAll('\n', ' ').slice(0, 200)}${more}`;
}
