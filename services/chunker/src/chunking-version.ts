/**
 * Raised when the same bytes would give other chunks. 3: a chunk holds the accounts of a lane. 4: cells that were damaged are
 * faults, and those of a mended `rows.csv` are restored. 5: the rows of a declared feed are sorted in each chunk.
 */
export const CHUNKING_VERSION = 5;

/** Imports that were begun by these are read on as they were begun. */
export const readableVersions: ReadonlySet<number> = new Set([3, 4, CHUNKING_VERSION]);
