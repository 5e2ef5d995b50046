import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTradesHouse, readReconciliation, type TradesHouse } from './trades.js';

let trades: TradesHouse;
beforeEach(async () => {
  trades = await makeTradesHouse();
});
afterEach(() => trades.remove());

test('each row of both sides is in one class, and the classes add up to the rows read', async () => {
  await trades.importCustomers([
    { id: 'same' },
    { id: 'amount' },
    { id: 'currency' },
    { id: 'instrument' },
    { id: 'all' },
    { id: 'missing' },
    { id: 'small', amount: '5' },
    { id: 'reported', region: 'US', status: 'Pending' },
    { id: 'same', amount: '1200000.00' },
    { id: 'same', amount: '7' },
    { id: 'bad', amount: 'x' },
  ]);
  const { json, lines, page } = await readReconciliation(
    await trades.importRepository([
      { id: 'same', amount: '1200000.00', currency: ' usd', instrument: 'irs ' },
      { id: 'amount', amount: '1200000.01' },
      { id: 'currency', currency: 'EUR' },
      { id: 'instrument', instrument: 'FX' },
      { id: 'all', amount: '1', currency: 'GBP', instrument: 'FX' },
      { id: 'reported' },
      { id: 'unknown' },
      { id: 'unknown' },
      { id: 'bad too', timestamp: '2025-13-01T00:00:00Z' },
    ]),
  );
  expect(json).toMatchObject({
    customer_transaction_count: 8,
    eligible_customer_transactions_count: 6,
    global_trade_repository_count: 7,
    mismatched_records_count: 4,
    missing_customer_transaction_count: 1,
    reconciliation_error_counts: [{ amount: 2, currency: 2, instrument_type: 2 }],
  });
  expect(json.classes).toEqual({
    customer: {
      rows_read: 11,
      matched: 1,
      mismatched: 4,
      missing_in_repository: 1,
      not_eligible: 2,
      duplicate: 1,
      invalid: 2,
    },
    repository: {
      rows_read: 9,
      matched: 1,
      mismatched: 4,
      missing_in_customer: 1,
      not_eligible: 1,
      duplicate: 1,
      invalid: 1,
    },
  });
  expect(json.rules).toEqual([
    { rule: 'amount above 1000000', excluded: 1, excluded_alone: 1 },
    { rule: 'trade_type in New, Amend', excluded: 0, excluded_alone: 0 },
    { rule: 'status in Settled', excluded: 1, excluded_alone: 0 },
    { rule: 'region in EU, APAC', excluded: 1, excluded_alone: 0 },
  ]);
  expect(lines).toEqual([
    'all,mismatched,amount currency instrument_type,,1200000,1,USD,GBP,IRS,FX,customer_transactions-1.csv,6,gtr_report-2.csv,6',
    'amount,mismatched,amount,,1200000,1200000.01,USD,USD,IRS,IRS,customer_transactions-1.csv,3,gtr_report-2.csv,3',
    'currency,mismatched,currency,,1200000,1200000,USD,EUR,IRS,IRS,customer_transactions-1.csv,4,gtr_report-2.csv,4',
    'instrument,mismatched,instrument_type,,1200000,1200000,USD,USD,IRS,FX,customer_transactions-1.csv,5,gtr_report-2.csv,5',
    'missing,missing_in_repository,,,1200000,,USD,,IRS,,customer_transactions-1.csv,7,,',
    'unknown,missing_in_customer,,,,1200000,,USD,,IRS,,,gtr_report-2.csv,8',
    'reported,not_eligible,,"status in Settled; region in EU, APAC",1200000,1200000,USD,USD,IRS,IRS,customer_transactions-1.csv,9,gtr_report-2.csv,7',
  ]);
  expect(json.sample_discrepancy_rows.map(({ id }) => id)).toEqual(lines.map((line) => line.split(',')[0]));
  expect(page).toContain('status in Settled; region in EU, APAC');
});
