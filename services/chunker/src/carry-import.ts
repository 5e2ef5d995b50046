import { join } from 'node:path';
import type { Bus } from '@passbook/bus';
import { encodeReportsDue, IMPORTS_CHUNKED, PROCESSOR_GROUP, REPORTS_DUE } from '@passbook/contracts';
import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import {
  explainRefusal,
  LeaseLostError,
  LEASE_RENEW_MS,
  listOpenDrops,
  readImport,
  recordManifest,
  releaseLease,
  renewLease,
  takeLease,
  type Drop,
  type Import,
} from '@passbook/imports';
import { startPeriodic, UserError, waitFor, warnOf, type Logger } from '@passbook/runtime';
import { readableVersions } from './chunking-version.js';
import { settleDrop } from './finish-drop.js';
import { claimedFolder, type Folders } from './folders.js';
import { isTaken } from './place-file.js';
import { sendChunks } from './send-chunks.js';

/*
 * The way of one import, from its private copy to its receipts, under a lease. Whoever takes the lease goes on where the
 * state says; each step may be done again.
 *
 * reading   send the chunks, then the manifest            Killed: sent once more; chunks that are loaded are passed over.
 * chunked   wait until the processors have loaded all      Killed: waited for again. What the bus lost is sent again.
 * loaded    move the file, write the receipts              Killed: see finish-drop.ts.
 * refused   move the file to quarantine/
 * stopped   nothing: a person has to look
 */

const POLL_MS = 100;

/**
 * A healthy import grows all the time. If it has not for so long, and the processors have handled all that the bus has, what
 * is missing is sent again; then twice as long.
 */
const STALLED_MS = 30_000;

/** After so many times the patience it is sent again even if the bus says that it has it: it may not know. */
const PATIENCES_MAX = 20;

export interface CarryParts {
  database: Database;
  bus: Bus;
  feeds: readonly Feed[];
  folders: Folders;
  log: Logger;
  /** In place of `STALLED_MS`. */
  stalledMs?: number;
  /** Few imports are read at once: each takes the memory of a window. */
  readInTurn: <T>(task: () => Promise<T>) => Promise<T>;
  /** Told how far a file is copied (its import is not known then: null), and later how far it is read. */
  onProgress: (importNo: number | null, bytes: number) => void;
}

/**
 * Carries an import to its end. Waits while another process holds its lease.
 * @returns when the import has no open drop of ours any more, is stopped, or the signal aborts
 * @throws errors of the file system and the database: the lease is given back, and anyone may go on
 */
export async function carryImport(parts: CarryParts, importNo: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const one = await readImport(parts.database, importNo);
    if (one.state === 'stopped' || (await listOwnDrops(parts, importNo)).length === 0) return;
    const token = await takeLease(parts.database, importNo);
    if (token === null) {
      await waitFor(POLL_MS * 5, signal);
      continue;
    }
    const lease = keepLease(parts, importNo, token, signal);
    try {
      await carryUnderLease(parts, importNo, token, lease.signal);
    } catch (err) {
      const isBrokenOff = lease.signal.aborted || err instanceof LeaseLostError;
      if (!isBrokenOff && (await listOwnDrops(parts, importNo)).length > 0) throw err;
      // Another goes on, or has finished: the next round finds out.
      parts.log.debug({ err, importNo }, 'work on an import was broken off');
    } finally {
      await lease.release();
    }
  }
}

/** Renews the lease in the background; its signal aborts when the lease is lost or the caller stops. */
function keepLease(
  { database, log }: CarryParts,
  importNo: number,
  token: string,
  stop: AbortSignal,
): { signal: AbortSignal; release(): Promise<void> } {
  const lost = new AbortController();
  const abort = (): void => lost.abort(new Error('The work on this import was given up.'));
  stop.addEventListener('abort', abort);
  if (stop.aborted) abort();
  const renewal = startPeriodic(
    async () => {
      if (!(await renewLease(database, importNo, token))) abort();
    },
    // The lease may run out while the database is away; then the manifest and the moves find that out.
    { everyMs: LEASE_RENEW_MS, onFailure: warnOf(log, 'the lease on an import could not be renewed') },
  );
  return {
    signal: lost.signal,
    async release() {
      await renewal.stop();
      stop.removeEventListener('abort', abort);
      await releaseLease(database, importNo, token).catch(() => {});
    },
  };
}

/** States in which chunks may still be made. */
const openStates: ReadonlySet<string> = new Set(['reading', 'chunked']);

async function carryUnderLease(
  parts: CarryParts,
  importNo: number,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const { database, log } = parts;
  let one = await readImport(database, importNo);
  const feed = parts.feeds.find((candidate) => candidate.name === one.feed) ?? null;
  if (openStates.has(one.state) && !readableVersions.has(one.chunking.version)) {
    throw new UserError(
      `Import ${importNo} was begun by another version of Passbook, which cuts files in another way. Let that version finish it.`,
    );
  }
  if (one.state === 'reading') {
    await parts.readInTurn(() => send(parts, one, feed, token, signal));
  } else if (one.state === 'chunked' && !parts.bus.isDurable) {
    // Whoever sent the chunks is gone, and its bus with it.
    await parts.readInTurn(() => repair(parts, one, feed, signal));
  }
  one = await waitUntilLoaded(parts, importNo, feed, signal);
  if (one.state === 'stopped') {
    log.error({ importNo, reason: one.stoppedReason }, 'import stopped: its file stays where it is');
    return;
  }
  // A replay may have let a stopped import go on between two of our looks: the next round sees what is to be done.
  if (one.state !== 'loaded' && one.state !== 'refused') return;
  for (const drop of await listOwnDrops(parts, importNo)) {
    signal.throwIfAborted();
    const written = await settleDrop({ database, folders: parts.folders, feed, token }, one, drop);
    const { refusal } = drop;
    if (refusal)
      log.info({ importNo, ...written, code: refusal.code, reason: explainRefusal(refusal) }, 'file refused');
    else log.info({ importNo, ...written }, written.rows ? 'file done, with bad rows' : 'file done');
  }
}

async function send(
  parts: CarryParts,
  one: Import,
  feed: Feed | null,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const sender = {
    ...parts,
    feed: expectFeed(feed),
    onProgress: (bytes: number) => parts.onProgress(one.no, bytes),
  };
  const manifest = await sendChunks(sender, one, await findCopy(parts, one.no), signal);
  const isComplete = await recordManifest(parts.database, one.no, token, manifest, sender.feed.reportsDue);
  if (isComplete) await parts.bus.publish(REPORTS_DUE, [encodeReportsDue(one.no)]);
  parts.log.info({ importNo: one.no, ...manifest }, 'import chunked');
}

/** Makes the chunks again and sends those that are not in the ledger. Their numbers and contents are the same as before. */
async function repair(parts: CarryParts, one: Import, feed: Feed | null, signal: AbortSignal): Promise<void> {
  parts.log.warn(
    { importNo: one.no, chunksSent: one.chunksSent, chunksLoaded: one.chunksLoaded },
    'missing chunks are sent again',
  );
  const sender = { ...parts, feed: expectFeed(feed), onProgress: () => {} };
  await sendChunks(sender, one, await findCopy(parts, one.no), signal);
}

async function waitUntilLoaded(
  parts: CarryParts,
  importNo: number,
  feed: Feed | null,
  signal: AbortSignal,
): Promise<Import> {
  let one = await readImport(parts.database, importNo);
  let grownAtMs = performance.now();
  let lookedAtMs = grownAtMs;
  const { stalledMs = STALLED_MS } = parts;
  let patienceMs = stalledMs;
  while (one.state === 'chunked') {
    await waitFor(POLL_MS, signal);
    signal.throwIfAborted();
    const before = one.chunksLoaded;
    one = await readImport(parts.database, importNo);
    if (one.chunksLoaded !== before) {
      lookedAtMs = grownAtMs = performance.now();
      patienceMs = stalledMs;
    } else if (one.state === 'chunked' && performance.now() - lookedAtMs > patienceMs) {
      lookedAtMs = performance.now();
      const isGivenUp = lookedAtMs - grownAtMs > patienceMs * PATIENCES_MAX;
      if (!isGivenUp && !(await parts.bus.isAcknowledged(IMPORTS_CHUNKED, PROCESSOR_GROUP))) continue;
      const stalled = one;
      await parts.readInTurn(() => repair(parts, stalled, feed, signal));
      lookedAtMs = grownAtMs = performance.now();
      patienceMs *= 2;
    }
  }
  return one;
}

/**
 * The open drops whose private copy is in our folder: those of a chunker with another imports folder are its own. An open
 * drop always has its copy; if somebody deleted it, the import waits until the same file is dropped again.
 */
async function listOwnDrops({ database, folders }: CarryParts, importNo: number): Promise<Drop[]> {
  const own: Drop[] = [];
  for (const drop of await listOpenDrops(database, importNo)) {
    if (await isTaken(join(claimedFolder(folders), drop.copyName))) own.push(drop);
  }
  return own;
}

/** The private copy of any drop of the import: they all have the same bytes. */
async function findCopy(parts: CarryParts, importNo: number): Promise<string> {
  const [drop] = await listOwnDrops(parts, importNo);
  if (drop) return join(claimedFolder(parts.folders), drop.copyName);
  throw new UserError(
    `The private copy of import ${importNo} is gone. Drop the same file again, and the import goes on.`,
  );
}

function expectFeed(feed: Feed | null): Feed {
  if (feed) return feed;
  throw new UserError(
    'The feed of an open import is not known here: is its definition in FEED_DEFINITIONS_DIR still?',
  );
}
