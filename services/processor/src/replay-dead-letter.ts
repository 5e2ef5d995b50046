import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import { readDeadLetter, settleDeadLetter, type DeadLetter, type ReportsDue } from '@passbook/imports';
import type { Logger } from '@passbook/runtime';
import { handleMessages } from './handle-messages.js';

interface Parts {
  database: Database;
  feeds: readonly Feed[];
  log: Logger;
}

export type Replay =
  /** It is loaded, or was already. `importNo`: the import that is complete with it. */
  | { outcome: 'replayed'; importNo: number | null }
  /** It still cannot be handled: it stays open, and its import stopped. */
  | { outcome: 'refused'; reason: string }
  | { outcome: 'unknown' };

/*
 * 1. The message is handled as if it came just now.   Killed: the letter is open; the next replay finds it loaded.
 * 2. In one transaction: the letter is settled, unless 1 buried it again; with the last one, its import goes on.
 */

/** Handles one dead letter again. Without effect on one that is settled, and on a message that is loaded. */
export async function replayDeadLetter(parts: Parts, letterNo: number): Promise<Replay> {
  const { database, log } = parts;
  const feeds = new Map(parts.feeds.map((feed) => [feed.name, feed]));
  const letter = await readDeadLetter(database, letterNo);
  if (!letter) return { outcome: 'unknown' };
  const signal = new AbortController().signal;
  // An import that is stopped takes chunks: only its completion waits.
  const [completed] = await handleMessages({ database, feeds, log, signal }, [letter]);
  const settled = await settleDeadLetter(database, letter, 'replayed', findReportsDue(parts, letter));
  if (settled.isSettled)
    return {
      outcome: 'replayed',
      importNo: settled.isImportComplete ? letter.importNo : (completed ?? null),
    };
  const again = await readDeadLetter(database, letterNo);
  return { outcome: 'refused', reason: again?.reason ?? '' };
}

export type Discard = 'discarded' | 'buried again' | 'unknown';

/**
 * Says that a dead letter is of no use (garbage, or a chunk that is loaded by now). Its import goes on if no other letter
 * holds it; should the chunk be missing after all, it is made again from the private copy.
 */
export async function discardDeadLetter(parts: Parts, letterNo: number): Promise<Discard> {
  const letter = await readDeadLetter(parts.database, letterNo);
  if (!letter) return 'unknown';
  const { isSettled } = await settleDeadLetter(
    parts.database,
    letter,
    'discarded',
    findReportsDue(parts, letter),
  );
  return isSettled ? 'discarded' : 'buried again';
}

function findReportsDue({ feeds }: Parts, { importNo, headers }: DeadLetter): ReportsDue | null {
  if (importNo === null) return null;
  // Only a chunk of a feed that is here was ever buried for its import.
  const feed = feeds.find((one) => one.name === headers['feed']);
  if (!feed) throw new Error(`There is no feed ${headers['feed']}.`);
  return feed.reportsDue;
}
