import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import {
  comparedFields,
  countFindings,
  makeSide,
  readDecimal,
  readFile,
  reconcile,
  usualEligibility,
  type Eligibility,
  type Held,
  type Pair,
  type Side,
} from './reconcile-by-hand.js';
import { readReconciliation, type TradesHouse } from './trades.js';

/** What a test has put into both sides, as it knows it. */
export interface KnownSides {
  customer: Side;
  repository: Side;
}

export const noSides = (): KnownSides => ({ customer: makeSide(), repository: makeSide() });

type SideName = keyof KnownSides;
type Report = Awaited<ReturnType<typeof readReconciliation>>;

const fileNames: Record<SideName, string> = { customer: 'customer_transactions', repository: 'gtr_report' };

/** Imports a file of one side, and adds it to what is known. @returns the report of that import */
export async function importSide(
  { house }: TradesHouse,
  sides: KnownSides,
  side: SideName,
  pieces: Iterable<string>,
): Promise<Report> {
  const text = [...pieces].join('');
  const name = `${fileNames[side]}-${randomUUID()}.csv`;
  await readFile(sides[side], [text], name);
  return readReconciliation(await house.importText(text, name));
}

/** Holds a report to what is computed by hand. */
export function expectByHand(report: Report, sides: KnownSides, eligibility = usualEligibility): void {
  expect(figuresOf(report)).toEqual(figuresByHand(sides, eligibility));
  expect(findOtherRows(report, sides, eligibility)).toEqual([]);
}

const classOrder = ['mismatched', 'missing_in_repository', 'missing_in_customer', 'not_eligible'];

/** The figures of a report, as those computed by hand have them. */
function figuresOf({ json }: Report): object {
  const { rules } = json;
  const byRule = (of: (rule: (typeof rules)[number]) => number): object =>
    Object.fromEntries(rules.map((rule) => [rule.rule.split(' ')[0]!, of(rule)]));
  return {
    classes: json.classes,
    fields: json.reconciliation_error_counts,
    excludes: byRule(({ excluded }) => excluded),
    excludesAlone: byRule((rule) => rule.excluded_alone),
    seed: [
      json.customer_transaction_count,
      json.eligible_customer_transactions_count,
      json.global_trade_repository_count,
      json.mismatched_records_count,
      json.missing_customer_transaction_count,
    ],
  };
}

/** The same by hand. */
function figuresByHand({ customer, repository }: KnownSides, eligibility: Eligibility): object {
  const found = countFindings(customer, repository, eligibility);
  const { rows: customerRows, ...own } = found.customer;
  const { rows: repositoryRows, ...others } = found.repository;
  return {
    classes: {
      customer: { rows_read: customerRows, ...own },
      repository: { rows_read: repositoryRows, ...others },
    },
    fields: [found.fields],
    excludes: found.excludes,
    excludesAlone: found.excludesAlone,
    seed: [
      customer.held.size,
      own.matched + own.mismatched + own.missing_in_repository,
      repository.held.size,
      own.mismatched,
      own.missing_in_repository,
    ],
  };
}

/**
 * Holds each row of the CSV of discrepancies to those found by hand.
 * @returns how they differ, at most ten; empty when they are the same rows in the same order
 */
function findOtherRows({ lines }: Report, sides: KnownSides, eligibility: Eligibility): string[] {
  const expected = [...reconcile(sides.customer, sides.repository, eligibility)]
    .filter(({ found, repository }) => found !== 'matched' && (found !== 'not_eligible' || repository))
    .sort((a, b) => classOrder.indexOf(a.found) - classOrder.indexOf(b.found) || (a.id < b.id ? -1 : 1));
  const rows: string[][] = parse(lines.join('\n'), { relax_column_count: true });
  const wrong = rows.length === expected.length ? [] : [`${rows.length} rows, not ${expected.length}`];
  for (const [at, pair] of expected.entries()) {
    if (wrong.length === 10) break;
    const [given, wanted] = [describeRow(rows[at] ?? []), describePair(pair)];
    if (given !== wanted) wrong.push(`${given} is not ${wanted}`);
  }
  return wrong;
}

/** A row of the CSV in one text: amounts by their value. */
function describeRow(cells: readonly string[]): string {
  const [id, found, differs, excludedBy = '', amount, reported, ...rest] = cells;
  const rules = excludedBy === '' ? [] : excludedBy.split('; ').map((rule) => rule.split(' ')[0]);
  const amounts = [amount, reported].map((text) => (text ? String(readDecimal(text)) : ''));
  return [id, found, differs, rules.join(' '), ...amounts, ...rest].join('|');
}

function describePair({ id, customer, repository, found, differing, excludedBy }: Pair): string {
  const both = (of: (row: Held) => unknown): unknown[] =>
    [customer, repository].map((row) => (row ? of(row) : ''));
  const place = (row: Held | null): unknown[] => (row ? [row.file, row.line] : ['', '']);
  const texts = [...both(({ currency }) => currency), ...both(({ instrument }) => instrument)];
  const places = [...place(customer), ...place(repository)];
  const differs = comparedFields.filter((field) => differing.includes(field)).join(' ');
  return [
    id,
    found,
    differs,
    excludedBy.join(' '),
    ...both(({ amount }) => amount),
    ...texts,
    ...places,
  ].join('|');
}
