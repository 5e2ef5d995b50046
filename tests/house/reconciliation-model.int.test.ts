import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeRandom, type Random } from '@passbook/testing';
import { makeTradesHouse, readReconciliation, type Trade, type TradesHouse } from './trades.js';

let trades: TradesHouse;
beforeAll(async () => {
  trades = await makeTradesHouse();
});
afterAll(() => trades.remove());

/** Amounts as texts, and their hundredths; null: the row is invalid. */
const amounts: Record<string, bigint | null> = {
  '1000000': 100_000_000n,
  '1000000.00': 100_000_000n,
  '1000000.01': 100_000_001n,
  '999999.99': 99_999_999n,
  '1200000': 120_000_000n,
  '1200000.0': 120_000_000n,
  x: null,
};

function makeTrade(random: Random): Trade {
  return {
    id: `T${random.between(1, 25)}`,
    timestamp: random.choose(['2025-04-01T13:45:00Z', '2025-04-01T15:45:00+02:00', '2025-04-02T00:00:00Z']),
    amount: random.choose(Object.keys(amounts)),
    currency: random.choose(['USD', 'usd', ' USD', 'EUR']),
    instrument: random.choose(['IRS', 'irs ', 'FX']),
    region: random.choose(['EU', 'eu', 'APAC', 'US']),
    type: random.choose(['New', 'Amend', ' new', 'Cancel']),
    status: random.choose(['Settled', 'SETTLED', 'Settled', 'Pending']),
  };
}

/** What a side holds, and what became of all its rows. */
interface Side {
  held: Map<string, Trade>;
  read: number;
  duplicate: number;
  invalid: number;
}

const makeSide = (): Side => ({ held: new Map(), read: 0, duplicate: 0, invalid: 0 });

function takeFile(side: Side, rows: readonly Trade[]): void {
  for (const row of rows) {
    side.read += 1;
    const first = side.held.get(row.id);
    if (amounts[row.amount] === null) side.invalid += 1;
    else if (!first) side.held.set(row.id, row);
    else if (contentOf(first) === contentOf(row)) side.duplicate += 1;
    else side.invalid += 1;
  }
}

function contentOf({ timestamp, amount, ...texts }: Trade): string {
  return JSON.stringify([Date.parse(timestamp), String(amounts[amount]), texts]);
}

const fold = (text: string): string => text.trim().toLowerCase();

const rules: ((trade: Trade) => boolean)[] = [
  ({ amount }) => amounts[amount]! > 100_000_000n,
  ({ type }) => ['new', 'amend'].includes(fold(type)),
  ({ status }) => fold(status) === 'settled',
  ({ region }) => ['eu', 'apac'].includes(fold(region)),
];

/** The report, trade by trade. */
function compute(customer: Side, repository: Side): Record<string, unknown> {
  const pairs = { matched: 0, mismatched: 0 };
  const errors = { amount: 0, currency: 0, instrument_type: 0 };
  const excluded = rules.map(() => ({ excluded: 0, excluded_alone: 0 }));
  let [missing, notEligible, overReported] = [0, 0, 0];
  for (const [id, own] of customer.held) {
    const other = repository.held.get(id);
    const broken = rules.flatMap((rule, at) => (rule(own) ? [] : [at]));
    for (const at of broken) excluded[at]!.excluded += 1;
    if (broken.length === 1) excluded[broken[0]!]!.excluded_alone += 1;
    if (broken.length > 0) {
      notEligible += 1;
      if (other) overReported += 1;
    } else if (!other) missing += 1;
    else {
      const differs = {
        amount: amounts[own.amount] !== amounts[other.amount],
        currency: fold(own.currency) !== fold(other.currency),
        instrument_type: fold(own.instrument) !== fold(other.instrument),
      };
      for (const [name, isOther] of Object.entries(differs)) if (isOther) errors[name as 'amount'] += 1;
      pairs[Object.values(differs).some(Boolean) ? 'mismatched' : 'matched'] += 1;
    }
  }
  const unknown = [...repository.held.keys()].filter((id) => !customer.held.has(id)).length;
  const outcomes = ({ read, duplicate, invalid }: Side): object => ({ rows_read: read, duplicate, invalid });
  return {
    customer_transaction_count: customer.held.size,
    global_trade_repository_count: repository.held.size,
    reconciliation_error_counts: [errors],
    rules: excluded,
    classes: {
      customer: {
        ...pairs,
        ...outcomes(customer),
        missing_in_repository: missing,
        not_eligible: notEligible,
      },
      repository: {
        ...pairs,
        ...outcomes(repository),
        missing_in_customer: unknown,
        not_eligible: overReported,
      },
    },
  };
}

test.each([1, 2, 3])('random files add up as they do by hand, file after file (seed %i)', async (seed) => {
  const house = seed === 1 ? trades : await makeTradesHouse();
  try {
    const random = makeRandom(seed);
    const [customer, repository] = [makeSide(), makeSide()];
    for (let file = 0; file < 5; file++) {
      const isCustomer = random.next() < 0.5;
      const rows = Array.from({ length: random.between(1, 20) }, () => makeTrade(random));
      takeFile(isCustomer ? customer : repository, rows);
      const imported = await (isCustomer ? house.importCustomers(rows) : house.importRepository(rows));
      const { json, lines } = await readReconciliation(imported);
      expect(json).toMatchObject(compute(customer, repository));
      const { mismatched, missing_in_repository: missing } = json.classes.customer;
      const { missing_in_customer: unknown, not_eligible: over } = json.classes.repository;
      expect(lines).toHaveLength(mismatched! + missing! + unknown! + over!);
    }
  } finally {
    if (house !== trades) await house.remove();
  }
});
