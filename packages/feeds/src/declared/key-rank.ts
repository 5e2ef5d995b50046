import type { Column } from '../feed.js';

/*
 * Rows of a chunk stand in the order of their keys, near enough: Postgres then finds the neighbours of one in the page of its
 * index that it has just written to, and needs half of the time for it. Only numbers have a rank; the rows of other keys stay
 * in the order in which they came.
 */

const HYPHEN = 45;
const ZERO = 48;

/** Of all rows whose keys have none. */
export const NO_RANK = 0;

/** Whether the ranks of a column's cells are their values. */
export function hasRank({ type }: Column): boolean {
  return type === 'integer' || type === 'number';
}

/** The rank of a number in its canonical text: its whole part, as near as a double is to it. */
export function rankNumber(bytes: Buffer, from: number, to: number): number {
  const isNegative = bytes[from] === HYPHEN;
  let value = 0;
  for (let at = isNegative ? from + 1 : from; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

/** A rank and the place of a row are one double, which is sorted without a function: places take so much of it. */
const PLACES = 2 ** 20;

/** What is left for the ranks of it. */
const RANKS = 2 ** 32;

/**
 * The places of rows in the order of their ranks; those of one rank in the order of their places. Ranks that are further apart
 * than fits are taken together.
 * @param ranks fewer than 2^20
 */
export function sortByRank(ranks: Float64Array): Iterable<number> {
  let [least, greatest] = [Infinity, -Infinity];
  for (const rank of ranks) {
    if (rank < least) least = rank;
    if (rank > greatest) greatest = rank;
  }
  const scale = greatest - least < RANKS ? 1 : (RANKS - 1) / (greatest - least);
  const packed = ranks.map((rank, place) => Math.floor((rank - least) * scale) * PLACES + place);
  return packed.sort().map((one) => one % PLACES);
}
