/** Raised when the same bytes would give other chunks: an import is finished in the way in which it was begun. */
export const CHUNKING_VERSION = 1;
