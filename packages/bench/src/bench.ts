import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from './goals.js';
import { readLoad, readMachine } from './machine.js';
import { openInputs } from './make-inputs.js';
import { isPsqlThere } from './measure-yardstick.js';
import type { BenchOptions } from './options.js';
import type { Sample } from './samples.js';
import { scenes, type Scene, type Stage } from './scenes.js';
import { withServers } from './servers.js';
import { renderGoals, renderReport, type Report } from './render-report.js';

/**
 * Measures everything `runs` times, side by side: in each round every scene once. Prints a line of each and the table of
 * the goals; writes benchmark.md and benchmark.json.
 * @returns whether everything could be measured; it does not judge the times
 */
export async function bench(options: BenchOptions, tell: (line: string) => void): Promise<boolean> {
  const chosen = chooseScenes(options, tell);
  const machine = readMachine(options.root);
  const failures: string[] = [];
  const samples: Sample[] = [];
  await withServers(tell, async (servers) => {
    const inputs = await openInputs();
    servers.closers.add(() => inputs.remove());
    const stage: Stage = { servers, inputs, root: options.root, rows: options.rows };
    for (let round = 1; round <= options.runs; round++) {
      for (const scene of chosen) {
        const name = `${round}/${options.runs} ${scene.name}`;
        try {
          const sample = { scene: scene.name, round, load: readLoad(), values: await scene.play(stage) };
          samples.push(sample);
          tell(`${name}: ${describe(sample)}`);
        } catch (err) {
          if (servers.closers.isClosing()) throw err;
          failures.push(`${name}: ${(err as Error).message}`);
          tell(`${name} FAILED: ${(err as Error).stack}`);
        }
      }
    }
  });
  const results = judge(samples, options.only);
  const report: Report = { machine, rows: options.rows, runs: options.runs, results, samples, failures };
  await write(options.out, report);
  tell(`\n${renderGoals(report)}\nWritten: ${join(options.out, 'benchmark.md')} and benchmark.json.`);
  return failures.length === 0;
}

function chooseScenes({ only }: BenchOptions, tell: (line: string) => void): readonly Scene[] {
  const needed = scenes.filter((scene) => scene.cases.some((one) => only.includes(one)));
  if (isPsqlThere()) return needed;
  tell(
    'NO psql ON THE PATH: what a DBA would need for the same is not measured, and (a) and (b) have no ratio.',
  );
  return needed.filter(({ name }) => name !== 'yardstick');
}

/** The times of a sample on a line. */
function describe({ values, load }: Sample): string {
  const times = Object.entries(values).filter(([name]) => !/\.|^rows$/.test(name));
  return `${times.map(([name, value]) => `${name} ${value.toFixed(2)} s`).join(', ')} (load ${load.toFixed(2)})`;
}

async function write(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'benchmark.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'benchmark.md'), renderReport(report));
}
