/**
 * What is added to the columns of a file in `rows.csv`. In `_text` is a row that could not be cut into its cells, those
 * cells being empty: whoever mends it may mend the text, or write the cells.
 */
export const ownColumns: readonly string[] = ['_import', '_line', '_column', '_code', '_message', '_text'];
