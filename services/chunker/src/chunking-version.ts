/**
 * Raised when the same bytes would give other chunks. 3: a chunk holds the accounts of a lane. 4: cells that were damaged are
 * faults, and those of a mended `rows.csv` are restored.
 */
export const CHUNKING_VERSION = 4;

/** Imports that were begun by these are read on as they were begun. */
export const readableVersions: ReadonlySet<number> = new Set([3, CHUNKING_VERSION]);
