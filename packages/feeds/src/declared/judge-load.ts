import type { Queryable } from '@passbook/database';
import type { Hold } from '../formats/file-format.js';
import type { FeedDefinition } from './definition.js';

/** What was counted in a file before anything of it is sent. */
export interface CountedFile {
  scope: string;
  importId: string;
  rowsRead: number;
  rowsBad: number;
}

/** Holds a file that a guard of its feed stops: a person decides whether it is right. Null: it may be loaded. */
export async function judgeLoad(
  database: Queryable,
  definition: FeedDefinition,
  file: CountedFile,
): Promise<Hold | null> {
  const { rows } = await database.query<{ rows: number }>(
    `select l.rows_posted::double precision as rows from feed_versions v join feed_loads l on l.import_no = v.current
     where v.feed = $1 and v.scope = $2`,
    [definition.name, file.scope],
  );
  return findBreach(definition.guards, file, rows[0]?.rows ?? null);
}

/** The first guard that a file breaks. Pure. @param rowsBefore of the present version; null when there is none */
export function findBreach(
  { maxShrinkPercent, maxInvalidPercent }: FeedDefinition['guards'],
  { importId, rowsRead, rowsBad }: CountedFile,
  rowsBefore: number | null,
): Hold | null {
  const hint = `If that is right, let it in: passbook feeds release ${importId}.`;
  const invalid = rowsRead === 0 ? 0 : (rowsBad * 100) / rowsRead;
  if (maxInvalidPercent !== undefined && invalid > maxInvalidPercent) {
    const message = `${rowsBad} of ${rowsRead} rows are bad (${show(invalid)} %), and maxInvalidPercent of the feed is ${maxInvalidPercent}.`;
    return { code: 'TOO_MANY_INVALID', message, hint };
  }
  const rowsGood = rowsRead - rowsBad;
  const shrunk = rowsBefore ? ((rowsBefore - rowsGood) * 100) / rowsBefore : 0;
  if (maxShrinkPercent === undefined || shrunk <= maxShrinkPercent) return null;
  const message = `It has ${rowsGood} good rows where the present version has ${rowsBefore} (${show(shrunk)} % fewer), and maxShrinkPercent of the feed is ${maxShrinkPercent}.`;
  return { code: 'SHRUNK', message, hint };
}

function show(percent: number): string {
  return percent.toFixed(1);
}
