import type { Result } from './goals.js';
import type { Machine } from './machine.js';
import { renderTable } from './render-table.js';
import { median, medianOf, namesBelow, valuesOf, type Sample } from './samples.js';
import { scenes } from './scenes.js';

/** All that a run found out; this is what benchmark.json holds. */
export interface Report {
  machine: Machine;
  rows: number;
  runs: number;
  results: readonly Result[];
  samples: readonly Sample[];
  failures: readonly string[];
}

/** The whole page. */
export function renderReport(report: Report): string {
  const parts = [
    '# Benchmark\n',
    renderGoals(report),
    renderTimes(report),
    renderCpu(report),
    renderFailures(report),
    renderRepeat(report),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** What was reached, and on which machine. */
export function renderGoals({ machine, rows, runs, results }: Report): string {
  const { cores, processor, memoryGiB, load, node, commit, date, fileStableMs } = machine;
  const conditions =
    `${cores} cores (${processor}), ${memoryGiB} GiB; load ${load.toFixed(2)} at the start; Node ${node}; ` +
    `commit ${commit ?? 'unknown'}; ${date.slice(0, 16).replace('T', ' ')} UTC. ${group(rows)} rows, medians of ${runs}. ` +
    `Every time from a drop includes the time for which a file must lie still (FILE_STABLE_MS, ${fileStableMs} ms).\n`;
  const table = renderTable(
    ['case', 'what', 'measured', 'goal', 'reached'],
    results.map(({ case: name, claim, measured, limit, isAtLeast, unit, isReached }) => [
      name.length === 1 ? `(${name})` : name,
      claim,
      measured === null ? '–' : showFigure(measured, unit),
      `${isAtLeast ? '≥' : '≤'} ${showFigure(limit, unit)}`,
      isReached === null ? 'not measured' : isReached ? 'yes' : '**no**',
    ]),
  );
  return `${conditions}\n${table}`;
}

function renderTimes({ samples }: Report): string {
  const rows = scenes.flatMap(({ name, what }) => {
    const own = samples.filter(({ scene }) => scene === name);
    const names = [...new Set(own.flatMap(({ values }) => Object.keys(values)))].filter(
      (one) => !one.includes('.') && one !== 'rows',
    );
    return names.map((one) => {
      const values = valuesOf(samples, name, one);
      return [
        `${name}: ${one}`,
        what,
        median(values)!.toFixed(2),
        values.map((value) => value.toFixed(2)).join(' '),
      ];
    });
  });
  return `## Times\n\nSeconds.\n\n${renderTable(['scene', 'what', 'median', 'each round'], rows)}`;
}

/** Who used the processors in (a) and (b). */
function renderCpu({ samples, machine }: Report): string {
  const phases = [
    { key: 'cpu.load', title: 'drop → last row', seconds: medianOf(samples, 'shuffled', 'loaded') },
    { key: 'cpu.statements', title: 'last row → last statement', seconds: null },
  ];
  const who = namesBelow(samples, 'shuffled', 'cpu.load');
  if (who.length === 0) return '';
  const figures = phases.map(({ key }) =>
    who.map((name) => medianOf(samples, 'shuffled', `${key}.${name}`) ?? 0),
  );
  const sums = figures.map((values) => values.reduce((sum, value) => sum + value, 0));
  const rows = who.map((name, at) => [
    name,
    ...figures.flatMap((values, phase) => [
      values[at]!.toFixed(2),
      `${Math.round((100 * values[at]!) / (sums[phase]! || 1))} %`,
    ]),
  ]);
  const head = ['process', ...phases.flatMap(({ title }) => [`${title}, s`, 'share'])];
  return `## Who used the processors in (a) and (b)\n\nSeconds of CPU of ${machine.cores} cores, medians.\n\n${renderTable(head, rows)}`;
}

function renderFailures({ failures }: Report): string {
  return failures.length === 0
    ? ''
    : `## What could not be measured\n\n${failures.map((line) => `- ${line}\n`).join('')}`;
}

function renderRepeat({ rows, runs }: Report): string {
  return `## How to repeat it\n\n    npm run bench -- --rows ${rows} --runs ${runs}\n`;
}

function showFigure(value: number, unit: Result['unit']): string {
  return unit === 's' ? `${value.toFixed(2)} s` : value.toFixed(2);
}

function group(count: number): string {
  return count.toLocaleString('en-US');
}
