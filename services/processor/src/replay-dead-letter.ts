import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import { readDeadLetters, reopenImport, settleDeadLetter, type DeadLetter } from '@passbook/imports';
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
 * 1. The import goes on, unless other letters hold it.   Killed: its chunker finds the chunk missing, and makes it again.
 * 2. The message is handled as if it came just now.       Killed: the letter is open; the next replay finds it loaded.
 * 3. The letter is settled, unless 2 buried it again.
 */

/** Handles one dead letter again. Without effect on a letter that is settled, but for the time that takes. */
export async function replayDeadLetter(parts: Parts, letterNo: number): Promise<Replay> {
  const { database, log } = parts;
  const feeds = new Map(parts.feeds.map((feed) => [feed.name, feed]));
  const letter = await readOne(database, letterNo);
  if (!letter) return { outcome: 'unknown' };
  const reopened = await reopen(parts, letter);
  const signal = new AbortController().signal;
  const [completed] = await handleMessages({ database, feeds, log, signal }, [letter.message]);
  if (await settleDeadLetter(database, letter, 'replayed'))
    return { outcome: 'replayed', importNo: completed ?? reopened };
  const again = await readOne(database, letterNo);
  return { outcome: 'refused', reason: again?.reason ?? '' };
}

/**
 * Says that a dead letter is of no use (garbage, or a chunk that is loaded by now). Its import goes on if no other letter
 * holds it; should the chunk be missing after all, it is made again from the private copy.
 * @returns false when there is no such letter
 */
export async function discardDeadLetter(parts: Parts, letterNo: number): Promise<boolean> {
  const letter = await readOne(parts.database, letterNo);
  if (!letter) return false;
  await settleDeadLetter(parts.database, letter, 'discarded');
  await reopen(parts, letter);
  return true;
}

async function readOne(database: Database, letterNo: number): Promise<DeadLetter | undefined> {
  const [letter] = await readDeadLetters(database, [letterNo]);
  return letter;
}

/** @returns the import if it is complete with this */
async function reopen(
  { database, feeds }: Parts,
  { no, importNo, message }: DeadLetter,
): Promise<number | null> {
  if (importNo === null) return null;
  // Only a chunk of a feed that is here was ever buried for its import.
  const feed = feeds.find((one) => one.name === message.headers['feed']);
  if (!feed) throw new Error(`There is no feed ${message.headers['feed']}.`);
  return (await reopenImport(database, importNo, no, feed.reportsDue)) ? importNo : null;
}
