import { v5 } from 'uuid';
import { isUuid } from '../is-uuid.js';
import { normaliseHeaderCell } from '../recognise-header.js';
import type { AccountIdentity } from './account-identifier.js';
import type { Format } from './format.js';
import type { Money } from './money-reader.js';

/*
 * Ids of rows that have none of the form of a UUID. An id of the file's own becomes a UUIDv5 of its text. Where a file has
 * none, a row is known by its account, time, amount and other cells, and by how many rows before it are the same: so two
 * coffees on one day stay two, and the same rows in the next, overlapping export are the same. Where it can err:
 * an export that is cut between such twins has the second one as its first.
 */

/** The namespaces of these ids: constants of this product. */
const OWN_ID = 'b7b0f6a4-1c60-5e43-9a63-3a1f0c2d7e90';
const CONTENT = '2f0d8a1e-66c1-5b0c-8f3d-94b5d1e7a6c3';

/** @param id as the file has it; a UUID stays what it is */
export function idOfText(id: string): string {
  return isUuid(id) ? id.toLowerCase() : v5(id, OWN_ID);
}

/** What makes a row without an id the row it is, beside its other cells. */
export interface RowContent {
  account: AccountIdentity;
  utc: string;
  money: Money;
}

/** Gives each row of a file its id, in the order of the file: of its own, or of its content. */
export function makeRowIds(
  { columns, identity, header: ofFormat }: Format,
  header: readonly string[],
): (content: RowContent, cells: readonly string[]) => string {
  const names = header.map(normaliseHeaderCell);
  const place = (name: string): number => names.indexOf(normaliseHeaderCell(name));
  if (columns.operation_id) {
    const at = place(columns.operation_id.column);
    return (_, cells) => idOfText(cells[at]!.trim());
  }
  const { account_number: account, transaction_ts: time, transaction, currency } = columns;
  // These are in the content already, in a form that does not depend on how they are written.
  const known = [account.column, time.column, time.timeColumn, transaction.column, transaction.credit]
    .concat(transaction.debit, transaction.flag?.column, currency?.column)
    .map((name) => (name === undefined ? null : normaliseHeaderCell(name)));
  // In the order of the format: a bank that moves a column does not change the ids.
  const places = (identity ?? ofFormat)
    .filter((name) => !known.includes(normaliseHeaderCell(name)))
    .map(place);
  const idOf = makeContentIds();
  return ({ account: { numberHash }, utc, money }, cells) =>
    idOf([
      numberHash,
      utc,
      String(money.amountMinor),
      money.currency,
      ...places.map((at) => cells[at] ?? ''),
    ]);
}

/** Gives each row its id, in the order of the file. Keeps some 30 bytes for each different row. */
export function makeContentIds(): (content: readonly string[]) => string {
  const occurrences = makeOccurrences();
  return (parts) => {
    const content = JSON.stringify(parts.map(normalise));
    const first = v5(content, CONTENT);
    const earlier = occurrences.countUp(first);
    return earlier === 0 ? first : v5(`${content}\n${earlier}`, CONTENT);
  };
}

/** Blanks that an export adds or leaves out are no difference. */
function normalise(cell: string): string {
  return cell.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

const FIRST_SLOTS = 1 << 14;

/**
 * How often an id was there, in a table of numbers: objects would take five times the memory. It goes by 64 bits of the id.
 * Two rows that agree in those but not in their content would be taken for twins: with ten million rows that is one chance
 * in a hundred thousand, and costs nothing but that the later of the two is not known again in another file.
 */
function makeOccurrences(): { countUp(id: string): number } {
  let high = new Uint32Array(FIRST_SLOTS);
  let low = new Uint32Array(FIRST_SLOTS);
  let counts = new Uint32Array(FIRST_SLOTS);
  let used = 0;
  const find = (a: number, b: number): number => {
    const mask = counts.length - 1;
    let slot = (a ^ b) & mask;
    while (counts[slot] !== 0 && (high[slot] !== a || low[slot] !== b)) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = (): void => {
    const before = { high, low, counts };
    high = new Uint32Array(counts.length * 2);
    low = new Uint32Array(high.length);
    counts = new Uint32Array(high.length);
    for (let at = 0; at < before.counts.length; at++) {
      if (before.counts[at] === 0) continue;
      const slot = find(before.high[at]!, before.low[at]!);
      high[slot] = before.high[at]!;
      low[slot] = before.low[at]!;
      counts[slot] = before.counts[at]!;
    }
  };
  return {
    countUp(id) {
      if (used * 2 > counts.length) grow();
      // The first and the last eight digits: none of them holds the version of the UUID.
      const a = parseInt(id.slice(0, 8), 16);
      const b = parseInt(id.slice(-8), 16);
      const slot = find(a, b);
      if (counts[slot] === 0) {
        high[slot] = a;
        low[slot] = b;
        used += 1;
      }
      return counts[slot]!++;
    },
  };
}
