import { encodeCsvRecord } from '@passbook/csv';
import { guardCell } from '../guard-cell.js';
import { describeRule } from './describe-rule.js';
import type { Discrepancy } from './read-discrepancies.js';
import type { Reconciliation } from './reconciliation-definition.js';

/** A discrepancy as people and programs get it: the cells of the CSV, by their names. */
export type DiscrepancyCells = Record<string, string | null>;

/** The cells of a discrepancy, in the order of the CSV. Pure. */
export function describeDiscrepancy(
  { compares, rules }: Reconciliation,
  discrepancy: Discrepancy,
): DiscrepancyCells {
  const { differs, failed, customer, repository } = discrepancy;
  const named = (bits: number, names: readonly string[]): string[] =>
    names.filter((_, at) => (bits & (2 ** at)) !== 0);
  const names = compares.map(({ name }) => name);
  return {
    id: discrepancy.id,
    class: discrepancy.class,
    differs: named(discrepancy.class === 'mismatched' ? differs : 0, names).join(' '),
    excluded_by: named(failed, rules.map(describeRule)).join('; '),
    ...Object.fromEntries(
      names.flatMap((name, at) => [
        [`customer_${name}`, customer[at]!],
        [`repository_${name}`, repository[at]!],
      ]),
    ),
    customer_file: discrepancy.customerFile,
    customer_line: textOf(discrepancy.customerLine),
    repository_file: discrepancy.repositoryFile,
    repository_line: textOf(discrepancy.repositoryLine),
  };
}

function textOf(line: number | null): string | null {
  return line === null ? null : String(line);
}

/** What stands in the CSV when there is none: the names of its columns. */
const none: Discrepancy = {
  id: '',
  class: 'mismatched',
  differs: 0,
  failed: 0,
  customer: [],
  repository: [],
  customerFile: null,
  customerLine: null,
  repositoryFile: null,
  repositoryLine: null,
};

/**
 * The CSV, in pieces. No cell of it is a formula to a spreadsheet.
 */
export async function* writeDiscrepancies(
  reconciliation: Reconciliation,
  parts: AsyncIterable<readonly Discrepancy[]>,
): AsyncGenerator<string, void, undefined> {
  yield encodeCsvRecord(Object.keys(describeDiscrepancy(reconciliation, none)));
  for await (const part of parts) {
    let text = '';
    for (const one of part)
      text += encodeCsvRecord(
        Object.values(describeDiscrepancy(reconciliation, one)).map((cell) => guardCell(cell ?? '')),
      );
    yield text;
  }
}
