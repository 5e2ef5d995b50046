import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLoad, readMachine } from './machine.js';
import { openInputs } from './make-inputs.js';
import { makeTemplates } from './make-templates.js';
import { withInstallation } from './installation.js';
import { isPsqlThere } from './measure-yardstick.js';
import { isPgbenchThere } from './run-pgbench.js';
import type { BenchOptions } from './options.js';
import { readProfiles } from './read-profiles.js';
import { renderGoals } from './render-goals.js';
import type { Report } from './report.js';
import type { Sample } from './samples.js';
import type { Scene, Stage } from './scene.js';
import { makeShuffled, scenes } from './scenes.js';
import { withServers } from './servers.js';
import { writeReport } from './write-report.js';

type Tell = (line: string) => void;

/**
 * Measures everything `runs` times, side by side: in each round every scene once. Tells a line of each and the table of
 * the goals; writes benchmark.md and benchmark.json, after each scene anew.
 * @returns whether everything could be measured; it does not judge the times
 */
export async function bench(options: BenchOptions, tell: Tell): Promise<boolean> {
  const chosen = chooseScenes(options, tell);
  const report = await withServers(tell, async (servers) => {
    const inputs = await openInputs();
    servers.closers.add(() => inputs.remove());
    const { root, rows, runs, only } = options;
    const machine = readMachine(root, servers);
    const empty: Report = { machine, rows, runs, only, samples: [], profiles: [], failures: [] };
    const stage: Stage = { servers, inputs, templates: makeTemplates(servers, root, tell), root, rows };
    return play(options, chosen, stage, empty, tell);
  });
  tell(`\n${renderGoals(report)}\nWritten: benchmark.md and benchmark.json in ${options.out}.`);
  return report.failures.length === 0;
}

/** What fails is told, and the rest is measured. */
async function play(
  { runs, out, ...options }: BenchOptions,
  chosen: readonly Scene[],
  stage: Stage,
  report: Report,
  tell: Tell,
): Promise<Report> {
  const attempt = async (name: string, work: () => Promise<string>): Promise<void> => {
    try {
      tell(`${name}: ${await work()}`);
    } catch (err) {
      if (stage.servers.closers.isClosing()) throw err;
      report.failures.push(`${name}: ${(err as Error).message}`);
      tell(`${name} FAILED: ${(err as Error).stack}`);
    }
    await writeReport(out, report);
  };
  for (let round = 1; round <= runs; round++) {
    for (const scene of chosen) {
      await attempt(`${round}/${runs} ${scene.name}`, async () => {
        const load = readLoad();
        const sample = { scene: scene.name, round, load, values: await scene.play(stage) };
        report.samples.push(sample);
        return describe(sample);
      });
    }
  }
  if (options.profile)
    await attempt('profile', async () => {
      report.profiles.push(...(await profile(stage)));
      return `${report.profiles.length} processes`;
    });
  return report;
}

function chooseScenes({ only }: BenchOptions, tell: Tell): readonly Scene[] {
  let needed = scenes.filter((scene) => scene.cases.some((one) => only.includes(one)));
  if (!isPsqlThere()) {
    tell(
      'NO psql ON THE PATH: what a DBA would need for the same is not measured; (a) and (b) have no ratio.',
    );
    needed = needed.filter(({ name }) => !name.startsWith('yardstick'));
  }
  if (!isPgbenchThere()) {
    tell('NO pgbench ON THE PATH: transfers are not measured.');
    needed = needed.filter(({ cases }) => !cases.includes('transfers'));
  }
  return needed;
}

/** The times of a sample on a line. */
function describe({ values, load }: Sample): string {
  const times = Object.entries(values).filter(
    ([name]) => !name.startsWith('cpu.') && !name.startsWith('peak.'),
  );
  return `${times.map(([name, value]) => `${name} ${value.toFixed(2)} s`).join(', ')} (load ${load.toFixed(2)})`;
}

/** One more import, apart from those that are measured: to look on costs time. */
async function profile(stage: Stage): Promise<Report['profiles']> {
  const { path } = await makeShuffled(stage);
  const profiles = await mkdtemp(join(tmpdir(), 'passbook-bench-profiles-'));
  const remove = (): Promise<void> => rm(profiles, { recursive: true, force: true });
  stage.servers.closers.add(remove);
  try {
    await withInstallation(stage.servers, { root: stage.root, profiles }, async ({ drop }) => {
      const dropped = await drop(path);
      await dropped.untilReported();
      await dropped.untilDone();
    });
    return await readProfiles(profiles);
  } finally {
    await remove();
  }
}
