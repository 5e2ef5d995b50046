import type { Queryable } from '@passbook/database';
import type { Drop } from './drop.js';

/** A drop, and the import that it is one of. */
export interface FoundDrop extends Drop {
  importId: string;
  sha256: string;
  /** RFC 3339 in UTC. */
  droppedAt: string;
  /** The bytes had been dropped before, and were not refused: this drop posted nothing. */
  isRepeat: boolean;
}

/** How a drop is asked for: where the file lay, its name there, the name that it got in processed/ or quarantine/, its bytes. */
export type DropQuery =
  | { paths: readonly string[] }
  | { name: string }
  | { finalName: string; isRefused: boolean }
  | { sha256: string };

/** Drops in one answer: whoever asks shows the newest, and how many there are. */
const DROPS_MAX = 100;

/** The drops of a file, the newest first; the first hundred. */
export async function findDrops(database: Queryable, query: DropQuery): Promise<FoundDrop[]> {
  const { condition, parameters } = makeCondition(query);
  const { rows } = await database.query<FoundDrop>(
    `select d.no, d.import_no as "importNo", d.path, d.stays, d.copy_name as "copyName", d.final_name as "finalName",
            d.refusal, d.state, d.dropped_at as "droppedAt", i.id as "importId", i.sha256, ${isRepeat} as "isRepeat"
     from drops d join imports i on i.no = d.import_no
     where ${condition} order by d.no desc limit ${DROPS_MAX}`,
    parameters,
  );
  return rows;
}

/** Whether a drop `d` repeats bytes that were dropped before, and not refused. */
export const isRepeat = `(d.refusal is null and exists (
  select 1 from drops e where e.import_no = d.import_no and e.no < d.no and e.refusal is null))`;

function makeCondition(query: DropQuery): { condition: string; parameters: unknown[] } {
  if ('paths' in query) return { condition: 'd.path = any($1)', parameters: [query.paths] };
  if ('name' in query)
    return { condition: `regexp_replace(d.path, '^.*/', '') = $1`, parameters: [query.name] };
  if ('sha256' in query) return { condition: 'i.sha256 = $1', parameters: [query.sha256] };
  return {
    condition: 'd.final_name = $1 and (d.refusal is not null) = $2',
    parameters: [query.finalName, query.isRefused],
  };
}
