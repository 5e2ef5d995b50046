import type { Goal } from './goals.js';
import { judge } from './judge.js';
import { renderTable } from './render-table.js';
import type { Report } from './report.js';

/** What was reached, and on which machine. */
export function renderGoals({ machine, rows, runs, only, samples }: Report): string {
  const { cores, processor, memoryGiB, node, commit, date } = machine;
  const loads = samples.map(({ load }) => load);
  const load = loads.length === 0 ? [machine.load] : [Math.min(...loads), Math.max(...loads)];
  const conditions = [
    `${cores} cores (${processor}), ${memoryGiB} GiB of memory, load ${load.map((one) => one.toFixed(2)).join(' to ')}`,
    `Node ${node}, Postgres ${machine.postgres}, Kafka ${machine.kafka}, commit ${commit ?? 'unknown'}`,
    `${date.slice(0, 16).replace('T', ' ')} UTC; ${rows.toLocaleString('en-US')} rows, medians of ${runs}`,
  ];
  const table = renderTable(
    ['case', 'what', 'measured', 'goal', 'reached', 'without the wait'],
    judge(samples, only).map(
      ({ case: name, claim, measured, withoutWait, limit, isAtLeast, unit, isReached }) => [
        name.length === 1 ? `(${name})` : name,
        claim,
        measured === null ? '–' : showFigure(measured, unit),
        `${isAtLeast ? '≥' : '≤'} ${showFigure(limit, unit)}`,
        isReached === null ? 'not measured' : isReached ? 'yes' : '**no**',
        withoutWait === null ? '' : showFigure(withoutWait, unit),
      ],
    ),
  );
  return `${conditions.map((line) => `- ${line}\n`).join('')}\n${table}`;
}

function showFigure(value: number, unit: Goal['unit']): string {
  return unit === 's' ? `${value.toFixed(2)} s` : value.toFixed(2);
}
