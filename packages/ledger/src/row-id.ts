/** What Postgres numbers rows with ends here. */
const ID_MAX = 2n ** 63n - 1n;

/** Whether a row can have this id at all. Whoever asks for another is told that there is none; Postgres would err. */
export function isRowId(id: bigint): boolean {
  return id > 0n && id <= ID_MAX;
}
