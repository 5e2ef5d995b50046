/** A discrepancy as JSON and page show it: the cells of the CSV by their names; null where it is empty. */
export type DiscrepancyCells = Record<string, string | null>;

/** What `reconciliation_<YYYYMMDD>.json` says: the keys that programs know of old, and then ours. */
export interface ReconciliationReport {
  customer_transaction_count: number;
  eligible_customer_transactions_count: number;
  global_trade_repository_count: number;
  mismatched_records_count: number;
  missing_customer_transaction_count: number;
  sample_discrepancy_rows: readonly DiscrepancyCells[];
  /** One object: in how many mismatched rows each column differs. */
  reconciliation_error_counts: [Record<string, number>];
  /** `YYYY-MM-DD` */
  day: string;
  as_of: string;
  /** The classes of a side sum to its `rows_read`. */
  classes: {
    customer: ReadClasses & { missing_in_repository: number };
    repository: ReadClasses & { missing_in_customer: number };
  };
  rules: { rule: string; excluded: number; excluded_alone: number }[];
  compares: string[];
  exact_texts: boolean;
  discrepancies_file: string;
  files: {
    side: 'customer' | 'repository';
    import_id: string | null;
    file: string | null;
    rows_read: number;
    rows_valid: number;
    duplicate: number;
    invalid: number;
  }[];
}

interface ReadClasses {
  rows_read: number;
  matched: number;
  mismatched: number;
  not_eligible: number;
  duplicate: number;
  invalid: number;
}
