type BothSides = 'rows' | 'matched' | 'mismatched' | 'not_eligible' | 'duplicate' | 'invalid';

/** What a reconciliation of the two files must find. */
export interface TradesAnswers {
  customer: Record<BothSides | 'missing_in_repository', number>;
  repository: Record<BothSides | 'missing_in_customer', number>;
  /** Mismatched trades by each field that differs. */
  fields: Record<'amount' | 'currency' | 'instrument_type', number>;
  /** By all fields that differ: `amount+currency`. */
  combinations: Record<string, number>;
  /** Trades of the customer by each rule that they fail; and by the one rule that they fail. */
  excludes: Record<'amount' | 'trade_type' | 'status' | 'region', number>;
  excludesAlone: Record<'amount' | 'trade_type' | 'status' | 'region', number>;
}

export function generateTrades(options: { rows: number; bad?: number; seed?: number }): {
  customer: Iterable<string>;
  repository: Iterable<string>;
  /** Known when both files were read once. */
  answers: () => TradesAnswers;
};

export const tradesFileNames: { customer: string; repository: string };
