/** Raised when the same bytes would give other chunks. 2: the size of a window is a part of it. */
export const CHUNKING_VERSION = 2;

/** What the versions before did not say. */
export const WINDOW_ROWS_OF_VERSION_1 = 200_000;
