import type { Queryable } from '@passbook/database';
import type { Feed, PostedRow } from '@passbook/feeds';

/*
 * The posted rows of an import are looked for through all of its accounts, and that takes as long for ten rows as for
 * thousands. So a look fetches many more than a page has, and the next pages come from memory.
 */

/** Of one look: some ten megabytes of rows at most are kept, with LOOKS_MAX. */
const ROWS_PER_LOOK = 10_000;
const LOOKS_MAX = 4;

interface Look {
  importNo: number;
  afterLine: number;
  rows: PostedRow[];
}

/** The feed's `listPosted`, for imports whose posted rows do not change any more. */
export function makePostedRowsCache(
  feed: Pick<Feed, 'listPosted'>,
  rowsPerLook = ROWS_PER_LOOK,
): Pick<Feed, 'listPosted'> {
  /** The one that was used last comes first. */
  let looks: Look[] = [];
  return {
    async listPosted(database: Queryable, importNo, { afterLine, limit }) {
      const known = looks.find(
        (one) => one.importNo === importNo && reaches(one, afterLine, limit, rowsPerLook),
      );
      const look = known ?? {
        importNo,
        afterLine,
        rows: await feed.listPosted(database, importNo, { afterLine, limit: Math.max(limit, rowsPerLook) }),
      };
      looks = [look, ...looks.filter((one) => one !== look)].slice(0, LOOKS_MAX);
      return rowsAfter(look, afterLine).slice(0, limit);
    },
  };
}

/** Whether the look has the rows after this line: as many as are wanted, or all there are. */
function reaches(look: Look, afterLine: number, limit: number, rowsPerLook: number): boolean {
  if (look.afterLine > afterLine) return false;
  const isLast = look.rows.length < rowsPerLook;
  return isLast || rowsAfter(look, afterLine).length >= limit;
}

function rowsAfter({ rows }: Look, afterLine: number): PostedRow[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.line > afterLine) high = middle;
    else low = middle + 1;
  }
  return rows.slice(low);
}
