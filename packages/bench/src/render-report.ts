import { renderCpu } from './render-cpu.js';
import { renderGoals } from './render-goals.js';
import { renderProfiles } from './render-profiles.js';
import { renderTable } from './render-table.js';
import type { Report } from './report.js';
import { median, namesBelow, medianOf, valuesOf, type Sample } from './samples.js';
import type { Scene } from './scene.js';
import { scenes } from './scenes.js';

/** The whole page. */
export function renderReport(report: Report): string {
  const parts = [
    `# Benchmark\n\n${renderGoals(report)}`,
    renderFailures(report),
    renderTimes(report),
    renderFloors(report),
    renderCpu(report),
    renderMemory(report),
    ...report.profiles.map(renderProfiles),
    renderRepeat(report),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function renderTimes({ samples, machine }: Report): string {
  const played = listPlayed(samples, false);
  const rows = played.flatMap(({ name }) => listSpans(samples, name));
  const loads = played.map(({ name, what }) => {
    const own = samples.filter(({ scene }) => scene === name).map(({ load }) => load.toFixed(2));
    return [name, what, own.join(' ')];
  });
  if (rows.length === 0) return '';
  return (
    `## Times\n\nSeconds. What begins with a drop has in it that a file must lie still for a while before it is taken ` +
    `(FILE_STABLE_MS, ${machine.fileStableMs} ms by default, and a look of 250 ms); what begins with *taken* has not.\n\n` +
    `${renderTable(['scene', 'span', 'median', 'each round'], rows)}\n` +
    renderTable(['scene', 'what it is', 'load when it began'], loads)
  );
}

function renderFloors({ samples, rows: count }: Report): string {
  const rows = listPlayed(samples, true).flatMap(({ name }) =>
    listSpans(samples, name).map(([, span, middle, all]) => {
      const rate = Number(middle) > 0 ? Math.round(count / Number(middle)).toLocaleString('en-US') : '–';
      return [span!, middle!, rate, all!];
    }),
  );
  if (rows.length === 0) return '';
  return (
    `## Floors\n\nSteps of the way of a row, each alone, with nobody else at work: seconds. A chunk is what the chunker ` +
    `makes; its way through Kafka is from the first that is sent to the last that is received.\n\n` +
    renderTable(['step', 'median', 'rows a second', 'each round'], rows)
  );
}

function listPlayed(samples: readonly Sample[], floors: boolean): Scene[] {
  return scenes.filter(
    (scene) =>
      samples.some((sample) => sample.scene === scene.name) && scene.cases.includes('floors') === floors,
  );
}

/** Scene, span, median, all values. */
function listSpans(samples: readonly Sample[], name: string): string[][] {
  const own = samples.filter(({ scene }) => scene === name);
  const names = new Set(own.flatMap(({ values }) => Object.keys(values)));
  return [...names]
    .filter((one) => !/^(cpu|peak)\./.test(one))
    .map((one) => {
      const values = valuesOf(samples, name, one);
      return [name, one, median(values)!.toFixed(2), values.map((value) => value.toFixed(2)).join(' ')];
    });
}

function renderMemory({ samples }: Report): string {
  const hasPeaks = ({ name }: Scene): boolean => namesBelow(samples, name, 'peak').length > 0;
  const services = [...new Set(scenes.flatMap(({ name }) => namesBelow(samples, name, 'peak')))];
  const rows = scenes
    .filter(hasPeaks)
    .map(({ name }) => [
      name,
      ...services.map((service) => medianOf(samples, name, `peak.${service}`)?.toFixed(0) ?? '–'),
    ]);
  if (rows.length === 0) return '';
  return `## Memory\n\nThe most that each service had (VmHWM), MiB.\n\n${renderTable(['scene', ...services], rows)}`;
}

function renderFailures({ failures }: Report): string {
  if (failures.length === 0) return '';
  return `## What could not be measured\n\n${failures.map((line) => `- ${line.replaceAll('\n', ' ')}\n`).join('')}`;
}

function renderRepeat({ rows, runs, only, profiles }: Report): string {
  const options = [`--rows ${rows}`, `--runs ${runs}`, `--only ${only.join(',')}`];
  if (profiles.length > 0) options.push('--profile');
  return (
    `## How to repeat it\n\n    npm run bench -- ${options.join(' ')}\n\n` +
    `Files are made from seeds: the same bytes each time. A median of ${runs} hides no machine that is busy with other ` +
    `things: look at the load, and at what others used of the processors.\n`
  );
}
