import { spans } from './measure-import.js';
import { renderTable } from './render-table.js';
import type { Report } from './report.js';
import { medianOf, namesBelow } from './samples.js';

const phases = [
  { key: 'cpu.load', title: spans.loaded },
  { key: 'cpu.statements', title: spans.statements },
] as const;

/** Who used the processors in (a) and (b): what has the greatest share is worth making faster. */
export function renderCpu({ samples, machine }: Report): string {
  const who = namesBelow(samples, 'shuffled', phases[0].key);
  if (who.length === 0) return '';
  const columns = phases.map(({ key, title }) => {
    const seconds = who.map((name) => medianOf(samples, 'shuffled', `${key}.${name}`) ?? 0);
    const sum = seconds.reduce((all, one) => all + one, 0);
    return { seconds, sum, available: (medianOf(samples, 'shuffled', title) ?? 0) * machine.cores };
  });
  const show = (value: number, { sum }: { sum: number }): string[] => [
    value.toFixed(2),
    `${Math.round((100 * value) / (sum || 1))} %`,
  ];
  const rows = who.map((name, at) => [
    name,
    ...columns.flatMap((column) => show(column.seconds[at]!, column)),
  ]);
  const total = ['all of them', ...columns.flatMap((column) => show(column.sum, column))];
  const used = ['the machine could give', ...columns.flatMap(({ available }) => [available.toFixed(2), ''])];
  const head = ['process', ...phases.flatMap(({ title }) => [title, 'share'])];
  return (
    `## Who used the processors in (a) and (b)\n\nSeconds of CPU, on ${machine.cores} cores; medians of the scene *shuffled*.\n\n` +
    renderTable(head, [...rows, total, used])
  );
}
