import { createHash } from 'node:crypto';

/** The partition of a key: the same for all adapters and processes, and even over keys that are alike. */
export function choosePartition(key: string, partitions: number): number {
  return createHash('md5').update(key).digest().readUInt32BE(0) % partitions;
}
