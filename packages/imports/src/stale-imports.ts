import type { Queryable } from '@passbook/database';

/** A healthy import comes a step further all the time; one that has not for so long is told to people. */
const STALE_SECONDS = 60;

/** An import that waits for something, and for what. */
export interface StaleImport {
  no: number;
  file: string;
  /** Since it last came a step further. */
  idleSeconds: number;
  /** A sentence, with the way out. */
  reason: string;
}

interface Waiting {
  no: number;
  file: string;
  state: string;
  stoppedReason: string | null;
  chunksSent: number | null;
  chunksLoaded: number;
  idleSeconds: number;
  isAttended: boolean;
  hasOpenDrop: boolean;
  letters: number;
  reportsDue: number;
  areReportsAttended: boolean;
}

/** Imports that are stopped, or not at their end and have not come further for a minute, the oldest first. */
export async function listStaleImports(database: Queryable): Promise<StaleImport[]> {
  const { rows } = await database.query<Waiting>(
    `select i.no, i.file_name as file, i.state, i.stopped_reason as "stoppedReason", i.chunks_sent as "chunksSent",
            i.chunks_loaded as "chunksLoaded", extract(epoch from now() - since)::integer as "idleSeconds",
            coalesce(i.lease_until > now(), false) as "isAttended", (open_drops.no is not null) as "hasOpenDrop",
            (select count(*)::integer from dead_letters l where l.import_no = i.no and l.settlement is null) as letters,
            coalesce(due.count, 0) as "reportsDue", coalesce(due.attended, false) as "areReportsAttended"
     from imports i
     left join (select import_no as no, max(dropped_at) as at from drops where state <> 'done' group by import_no) as open_drops using (no)
     left join (select import_no as no, count(*)::integer as count, bool_or(lease_until > now() and lease_token is not null) as attended
                from reports where state = 'due' group by import_no) as due using (no)
     cross join lateral greatest(i.grown_at, open_drops.at) as since
     where (i.state = 'stopped' or since < now() - make_interval(secs => $1))
       and (i.state in ('reading', 'chunked', 'stopped') or open_drops.no is not null or due.no is not null)
     order by i.no`,
    [STALE_SECONDS],
  );
  return rows.flatMap((row) => {
    const reason = explainWait(row);
    return reason === null ? [] : [{ no: row.no, file: row.file, idleSeconds: row.idleSeconds, reason }];
  });
}

/** What an import waits for; null when somebody works on it. Pure. */
export function explainWait(one: Omit<Waiting, 'no' | 'file' | 'idleSeconds'>): string | null {
  if (one.state === 'stopped') {
    const way =
      one.letters > 0
        ? 'When the cause is mended: passbook dead-letters ls, show, replay.'
        : 'Its file stays where it is; nothing holds it that could be replayed.';
    return `It is stopped. ${one.stoppedReason ?? ''} ${way}`;
  }
  const isLoading = one.state === 'reading' || one.state === 'chunked';
  if ((isLoading || one.hasOpenDrop) && !one.isAttended) {
    return 'No chunker attends to it: none is running, its imports folder is another, or it failed and tries again later.';
  }
  if (isLoading) {
    if (one.chunksSent === null && one.chunksLoaded === 0)
      return 'It is being read, or waits for its turn, and no chunk of it is loaded yet: is a processor running, and what does its log say?';
    const all = one.chunksSent === null ? 'the chunks sent so far' : `${one.chunksSent} chunks`;
    return `Of ${all} ${one.chunksLoaded} are loaded, and no more of late: is a processor running, and what does its log say?`;
  }
  if (one.hasOpenDrop) return 'Its file could not be moved yet: the log of the chunker says why.';
  return one.areReportsAttended
    ? null
    : `${one.reportsDue} of its reports are not written: is a reporter running, and what does its log say?`;
}
