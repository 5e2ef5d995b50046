/*
 * FNV-1a, 32 bits, of the texts of the key columns: which lane a row goes to, the same at every try.
 */

export const KEY_HASH_SEED = 0x811c9dc5;

const PRIME = 0x01000193;

/** A separator between the cells of a key: no cell has it, for it is escaped. */
const TAB = 9;

/** The hash with one more cell: these bytes, and an end. @returns an unsigned number */
export function hashKeyCell(hash: number, bytes: Buffer, from: number, to: number): number {
  let next = hash;
  for (let at = from; at < to; at++) next = Math.imul(next ^ bytes[at]!, PRIME);
  return Math.imul(next ^ TAB, PRIME) >>> 0;
}
