/** One write each. */
const ROWS_PER_PIECE = 1_000;

/** The text of a file in pieces, anew each time that it is read. @param writeRow the row of a place, with its line end, or nothing */
export function makePieces(header, rows, writeRow) {
  return {
    *[Symbol.iterator]() {
      yield header;
      for (let from = 0; from < rows; from += ROWS_PER_PIECE) {
        let piece = '';
        for (let at = from; at < Math.min(from + ROWS_PER_PIECE, rows); at++) piece += writeRow(at);
        yield piece;
      }
    },
  };
}
