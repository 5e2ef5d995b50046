/** Raised when the same bytes would give other chunks. 3: a chunk holds the accounts of a lane. */
export const CHUNKING_VERSION = 3;
