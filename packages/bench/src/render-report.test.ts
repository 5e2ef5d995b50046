import { expect, test } from '@jest/globals';
import { spans } from './measure-import.js';
import { renderReport } from './render-report.js';
import { renderTable } from './render-table.js';
import type { Report } from './report.js';

const report: Report = {
  machine: {
    cores: 2,
    processor: 'A processor',
    memoryGiB: 8,
    load: 0.5,
    node: 'v20.0.0',
    postgres: '18.4',
    kafka: '4.3.1',
    commit: null,
    date: '2026-01-02T03:04:05.000Z',
    fileStableMs: 1000,
  },
  rows: 1_000_000,
  runs: 3,
  only: ['a', 'e'],
  samples: [6, 5, 7].flatMap((seconds, at) => [
    {
      scene: 'shuffled',
      round: at + 1,
      load: at,
      values: {
        [spans.loaded]: seconds,
        [spans.loadedSinceTaken]: seconds - 1,
        'cpu.load.chunker': 3,
        'cpu.load.Kafka': 1,
        'peak.chunker': 150,
      },
    },
    { scene: 'yardstick', round: at + 1, load: at, values: { psql: 12 } },
  ]),
  profiles: [],
  failures: ['1/3 one row: something\nfailed'],
};

test('a report shows goals first, then all values, shares and memory, and what failed', () => {
  const page = renderReport(report).replaceAll(/ +/g, ' ');
  expect(page).toMatch(/^# Benchmark\n\n- 2 cores \(A processor\)/);
  expect(page).toContain('load 0.00 to 2.00');
  expect(page).toContain(
    "| (a) | drop → last row committed, of the DBA's time | 0.50 | ≤ 0.50 | yes | 0.42 |",
  );
  expect(page).toContain('nobody else at work | – | ≤ 2.00 s | not measured |');
  expect(page).toContain('| shuffled | drop → last row | 6.00 | 6.00 5.00 7.00 |');
  expect(page).toContain('| chunker | 3.00 | 75 % |');
  expect(page).toContain('| shuffled | 150 |');
  expect(page).toContain('- 1/3 one row: something failed\n');
  expect(page).toContain('npm run bench -- --rows 1000000 --runs 3 --only a,e\n');
});

test('columns of numbers are aligned to the right, others to the left', () => {
  expect(
    renderTable(
      ['what', 'seconds'],
      [
        ['a', '1.00'],
        ['bcdef', '–'],
      ],
    ),
  ).toBe(
    ['| what  | seconds |', '| ----- | ------: |', '| a     |    1.00 |', '| bcdef |       – |', ''].join(
      '\n',
    ),
  );
});
