import { createHash } from 'node:crypto';

/**
 * The partition of a key: the same for all adapters and processes. Keys that are whole numbers go round, so that a few of
 * them are spread evenly; any others are spread by a hash, even if they are alike.
 */
export function choosePartition(key: string, partitions: number): number {
  if (/^\d{1,9}$/.test(key)) return Number(key) % partitions;
  return createHash('md5').update(key).digest().readUInt32BE(0) % partitions;
}
