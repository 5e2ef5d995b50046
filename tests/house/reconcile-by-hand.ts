import { Readable } from 'node:stream';
import { parse } from 'csv-parse';

/*
 * What a reconciliation of trades must find, computed in memory from the texts of the files. Nothing of the product is used,
 * and nothing of the generator: both are held to this.
 */

export type CustomerClass = 'matched' | 'mismatched' | 'missing_in_repository' | 'not_eligible';
export type RepositoryClass = 'matched' | 'mismatched' | 'missing_in_customer' | 'not_eligible';
type Unposted = 'duplicate' | 'invalid';

export const comparedFields = ['amount', 'currency', 'instrument_type'] as const;
export type ComparedField = (typeof comparedFields)[number];

/** Who is eligible. Texts are compared trimmed and without case. */
export interface Eligibility {
  amountAbove: string;
  tradeTypes: readonly string[];
  statuses: readonly string[];
  regions: readonly string[];
}

export const usualEligibility: Eligibility = {
  amountAbove: '1000000',
  tradeTypes: ['New', 'Amend'],
  statuses: ['Settled'],
  regions: ['EU', 'APAC'],
};

const rules = ['amount', 'trade_type', 'status', 'region'] as const;
type Rule = (typeof rules)[number];

/** A row that is held. */
export interface Held {
  id: string;
  file: string;
  /** Of its file; no cell has a line end in it. */
  line: number;
  /** Microseconds since 1970. */
  moment: bigint;
  /** In units of 10^-20. */
  amount: bigint;
  amountText: string;
  currency: string;
  instrument: string;
  region: string;
  tradeType: string;
  status: string;
}

export interface Pair {
  id: string;
  customer: Held | null;
  repository: Held | null;
  found: CustomerClass | RepositoryClass;
  differing: ComparedField[];
  excludedBy: Rule[];
}

export interface Findings {
  customer: { rows: number } & Record<CustomerClass | Unposted, number>;
  repository: { rows: number } & Record<RepositoryClass | Unposted, number>;
  fields: Record<ComparedField, number>;
  combinations: Record<string, number>;
  excludes: Record<Rule, number>;
  excludesAlone: Record<Rule, number>;
}

/** What one side holds, and what became of the other rows of its files. */
export interface Side {
  rows: number;
  duplicate: number;
  invalid: number;
  held: Map<string, Held>;
}

export function makeSide(): Side {
  return { rows: 0, duplicate: 0, invalid: 0, held: new Map() };
}

/** Reads a file into a side, after the files that it has. */
export async function readFile(side: Side, text: Iterable<string>, file = ''): Promise<void> {
  let line = 1;
  const records = Readable.from(text).pipe(parse({ relax_column_count: true, from_line: 2 }));
  for await (const cells of records as AsyncIterable<string[]>) {
    side.rows += 1;
    line += 1;
    const row = readRow(cells, { file, line });
    const first = row && side.held.get(row.id);
    if (!row || (first && !isSame(row, first))) side.invalid += 1;
    else if (first) side.duplicate += 1;
    else side.held.set(row.id, row);
  }
}

/** @returns null for a row that is not valid */
function readRow(cells: readonly string[], place: { file: string; line: number }): Held | null {
  if (cells.length !== 8 || cells.includes('')) return null;
  const [id, time, amountText, currency, instrument, region, tradeType, status] = cells as [
    string, string, string, string, string, string, string, string,
  ]; // prettier-ignore
  const [amount, moment] = [readDecimal(amountText), readMoment(time)];
  if (amount === null || moment === null || !/^ *[A-Za-z]{3} *$/.test(currency)) return null;
  if (id.length > 100 || [instrument, region, tradeType, status].some(({ length }) => length > 50))
    return null;
  return { id, ...place, moment, amount, amountText, currency, instrument, region, tradeType, status };
}

const DECIMALS = 20;

export function readDecimal(text: string): bigint | null {
  const parts = /^([+-]?)(\d{1,30})(?:\.(\d{1,20}))?$/.exec(text);
  if (!parts) return null;
  const size = BigInt(parts[2]! + (parts[3] ?? '').padEnd(DECIMALS, '0'));
  return parts[1] === '-' ? -size : size;
}

/** RFC 3339. */
function readMoment(text: string): bigint | null {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number, number, number, number, number, number,
  ]; // prettier-ignore
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isThere =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!isThere || minute > 59 || second > 59) return null;
  const offsetMinutes = (parts[8] === '-' ? -1 : 1) * (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0));
  const micros = BigInt((parts[7] ?? '').padEnd(6, '0'));
  return BigInt(date.getTime() - offsetMinutes * 60_000) * 1000n + micros;
}

function isSame(one: Held, other: Held): boolean {
  const asWritten = ['amountText', 'file', 'line'];
  return Object.entries(one).every(
    ([name, value]) => asWritten.includes(name) || value === other[name as keyof Held],
  );
}

/** What becomes of every trade that a side holds. */
export function* reconcile(
  customer: Side,
  repository: Side,
  eligibility = usualEligibility,
): Generator<Pair> {
  for (const [id, row] of customer.held) {
    const other = repository.held.get(id) ?? null;
    const excludedBy = findExcluding(row, eligibility);
    const isCompared = excludedBy.length === 0 && other !== null;
    const differing = isCompared ? findDiffering(row, other) : [];
    const found =
      excludedBy.length > 0
        ? 'not_eligible'
        : other === null
          ? 'missing_in_repository'
          : differing.length > 0
            ? 'mismatched'
            : 'matched';
    yield { id, customer: row, repository: other, found, differing, excludedBy };
  }
  for (const [id, row] of repository.held)
    if (!customer.held.has(id))
      yield {
        id,
        customer: null,
        repository: row,
        found: 'missing_in_customer',
        differing: [],
        excludedBy: [],
      };
}

function findExcluding(row: Held, { amountAbove, tradeTypes, statuses, regions }: Eligibility): Rule[] {
  const isOneOf = (text: string, list: readonly string[]): boolean =>
    list.some((one) => plain(one) === plain(text));
  const passes: Record<Rule, boolean> = {
    amount: row.amount > readDecimal(amountAbove)!,
    trade_type: isOneOf(row.tradeType, tradeTypes),
    status: isOneOf(row.status, statuses),
    region: isOneOf(row.region, regions),
  };
  return rules.filter((rule) => !passes[rule]);
}

function findDiffering(one: Held, other: Held): ComparedField[] {
  const agrees: Record<ComparedField, boolean> = {
    amount: one.amount === other.amount,
    currency: plain(one.currency) === plain(other.currency),
    instrument_type: plain(one.instrument) === plain(other.instrument),
  };
  return comparedFields.filter((field) => !agrees[field]);
}

const plain = (text: string): string => text.trim().toLowerCase();

/** The counts of all rows of both sides. */
export function countFindings(customer: Side, repository: Side, eligibility = usualEligibility): Findings {
  const none = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
    Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  const unposted = ({ rows, duplicate, invalid }: Side) => ({ rows, duplicate, invalid });
  const found: Findings = {
    customer: {
      ...none(['matched', 'mismatched', 'missing_in_repository', 'not_eligible']),
      ...unposted(customer),
    },
    repository: {
      ...none(['matched', 'mismatched', 'missing_in_customer', 'not_eligible']),
      ...unposted(repository),
    },
    fields: none(comparedFields),
    combinations: {},
    excludes: none(rules),
    excludesAlone: none(rules),
  };
  for (const pair of reconcile(customer, repository, eligibility)) {
    if (pair.customer) found.customer[pair.found as CustomerClass] += 1;
    if (pair.repository) found.repository[pair.found as RepositoryClass] += 1;
    for (const field of pair.differing) found.fields[field] += 1;
    for (const rule of pair.excludedBy) found.excludes[rule] += 1;
    if (pair.excludedBy.length === 1) found.excludesAlone[pair.excludedBy[0]!] += 1;
    if (pair.differing.length === 0) continue;
    const combination = pair.differing.join('+');
    found.combinations[combination] = (found.combinations[combination] ?? 0) + 1;
  }
  return found;
}
