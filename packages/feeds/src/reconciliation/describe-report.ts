import { describeRule } from './describe-rule.js';
import { sumRowsRead } from './footing.js';
import {
  countDiffering,
  countExcluded,
  type ReconciledLoad,
  type RowGroup,
  type SideClasses,
} from './read-figures.js';
import type { DiscrepancyCells, ReconciliationReport } from './reconciliation-report.js';
import type { ReconciliationSnapshot } from './snapshot.js';

/** All that a report says. */
export interface ReconciliationFigures {
  snapshot: ReconciliationSnapshot;
  groups: readonly RowGroup[];
  loads: readonly ReconciledLoad[];
  classes: { customer: SideClasses; repository: SideClasses };
  /** The first of them. */
  sample: readonly DiscrepancyCells[];
  discrepanciesFile: string;
}

/** The report as JSON has it. */
export function describeReport({
  snapshot,
  groups,
  loads,
  classes,
  sample,
  discrepanciesFile,
}: ReconciliationFigures): ReconciliationReport {
  const { reconciliation, asOf, day } = snapshot;
  const { customer, repository } = classes;
  const excluded = countExcluded(groups, reconciliation);
  const differing = countDiffering(groups, reconciliation);
  const eligible = customer.matched + customer.mismatched + customer.missing;
  return {
    customer_transaction_count: eligible + customer.notEligible,
    eligible_customer_transactions_count: eligible,
    global_trade_repository_count:
      repository.matched + repository.mismatched + repository.missing + repository.notEligible,
    mismatched_records_count: customer.mismatched,
    missing_customer_transaction_count: customer.missing,
    sample_discrepancy_rows: sample,
    reconciliation_error_counts: [
      Object.fromEntries(reconciliation.compares.map(({ name }, at) => [name, differing[at]!])),
    ],
    day,
    as_of: asOf,
    classes: {
      customer: {
        rows_read: sumRowsRead(loads, 'customer'),
        matched: customer.matched,
        mismatched: customer.mismatched,
        missing_in_repository: customer.missing,
        not_eligible: customer.notEligible,
        duplicate: customer.duplicate,
        invalid: customer.invalid,
      },
      repository: {
        rows_read: sumRowsRead(loads, 'repository'),
        matched: repository.matched,
        mismatched: repository.mismatched,
        missing_in_customer: repository.missing,
        not_eligible: repository.notEligible,
        duplicate: repository.duplicate,
        invalid: repository.invalid,
      },
    },
    rules: reconciliation.rules.map((rule, at) => ({
      rule: describeRule(rule),
      excluded: excluded[at]!.excluded,
      excluded_alone: excluded[at]!.excludedAlone,
    })),
    compares: reconciliation.compares.map(({ name }) => name),
    exact_texts: reconciliation.exactTexts,
    discrepancies_file: discrepanciesFile,
    files: loads.map((load) => ({
      side: load.side,
      import_id: load.importId,
      file: load.file,
      rows_read: load.rowsRead,
      rows_valid: load.rowsPosted,
      duplicate: load.rowsDuplicate,
      invalid: load.rowsInvalid,
    })),
  };
}
