import { expect, test } from '@jest/globals';
import {
  CHART_COLUMN,
  CHART_HEIGHT,
  CHART_MARGIN,
  CHART_MONTHS_MAX,
  layOutChart,
} from './statement-chart.js';
import type { StatementMonth } from './statement-figures.js';

const month = (name: string, credits: bigint, debits: bigint): StatementMonth => ({
  month: name,
  credits,
  debits,
  count: 1,
  creditCount: 1,
  debitCount: 1,
});

test('both kinds of bars share one scale, and the axis is where zero is', () => {
  const { columns, axisY, width } = layOutChart([month('2021-01', 300n, -100n), month('2021-02', 150n, 0n)]);
  expect(axisY).toBe(750);
  expect(width).toBe(2 * CHART_COLUMN);
  expect(
    columns.map(({ creditY, creditHeight, debitHeight }) => [creditY, creditHeight, debitHeight]),
  ).toEqual([
    [0, 750, 250],
    [375, 375, 0],
  ]);
});

test('a month without a transaction keeps its place', () => {
  const { columns } = layOutChart([month('2020-11', 1n, 0n), month('2021-02', 1n, 0n)]);
  expect(columns.map((column) => column.month)).toEqual(['2020-11', '2020-12', '2021-01', '2021-02']);
  expect(columns[1]).toMatchObject({ creditHeight: 0, debitHeight: 0 });
});

test('shows the newest months only, when there are many', () => {
  const months = [month('0001-01', 5n, 0n), month('9999-12', 5n, -5n)];
  const { columns } = layOutChart(months);
  expect(columns).toHaveLength(CHART_MONTHS_MAX);
  expect(columns.at(-1)!.month).toBe('9999-12');
});

test('a small sum beside a large one is still seen, and nothing has no bar', () => {
  const { columns, axisY } = layOutChart([month('2021-01', 10n ** 18n, -1n), month('2021-02', 0n, 0n)]);
  expect(columns[0]!.debitHeight).toBeGreaterThan(0);
  expect(columns[1]).toMatchObject({ creditHeight: 0, debitHeight: 0 });
  expect(axisY + columns[0]!.debitHeight).toBeLessThanOrEqual(CHART_HEIGHT + CHART_MARGIN);
});

test('nothing at all is an empty chart', () => {
  expect(layOutChart([])).toMatchObject({ columns: [], width: 0 });
  expect(layOutChart([month('2021-01', 0n, 0n)]).columns[0]).toMatchObject({
    creditHeight: 0,
    debitHeight: 0,
  });
});
