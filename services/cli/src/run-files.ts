import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HeldError } from '@passbook/chunker';
import type { Database } from '@passbook/database';
import { countDueReports, readDrop, readImport, readReceipt, type Drop } from '@passbook/imports';
import { countDeliveries, countUntried } from '@passbook/mail';
import { unlessAborted, UserError, waitFor, type Logger } from '@passbook/runtime';
import { classifyFailure, INTERRUPTED, onStopSignal } from '@passbook/service';
import type { Config } from './config.js';
import { openHouse, type House } from './open-house.js';
import { makeProgress, type Progress } from './progress.js';
import { renderHeld, renderOutcome, type Outcome } from './render-outcome.js';
import { showPathFrom } from './show-path.js';

const POLL_MS = 50;

export interface RunFilesOptions {
  /** Exit 1 as well when a row was quarantined. */
  strict: boolean;
  json: boolean;
}

/**
 * `npm start -- FILE…`: imports just these files, and ends when the last report is written, and each mail was tried once.
 * @returns 0; 1 when a file was refused, held or stopped (strict: or a row quarantined); 130 when interrupted
 * @throws UserError
 */
export async function runFiles(
  files: readonly string[],
  options: RunFilesOptions,
  config: Config,
  log: Logger,
): Promise<number> {
  const paths = files.map((file) => resolve(config.standsIn, file));
  for (const [at, path] of paths.entries()) await expectFile(path, files[at]!);
  const stopping = new AbortController();
  const takeHandlersAway = onStopSignal(() => stopping.abort(new Interrupted()));
  const progress = makeProgress();
  const onFailure = (err: unknown): void => {
    const failure = classifyFailure(err);
    if (failure.kind === 'weather') log.warn({ err }, failure.sentence);
    else stopping.abort(failure.kind === 'bug' ? err : new UserError(failure.sentence, { cause: err }));
  };
  let house: House | undefined;
  let exitCode = 0;
  try {
    house = await openHouse({
      config,
      log,
      notify: (line) => progress.say(line),
      onProgress: progress.read,
      onFailure,
      signal: stopping.signal,
    });
    for (const path of paths) {
      const outcome = await importFile(house, config, path, progress, stopping.signal);
      if (outcome instanceof HeldError) {
        process.stdout.write(renderHeld(outcome, options));
        exitCode = 1;
        continue;
      }
      process.stdout.write(
        renderOutcome(outcome, {
          json: options.json,
          showPath: showPathFrom(config.standsIn),
        }),
      );
      if (!outcome.receipt || (options.strict && outcome.receipt.rowsQuarantined > 0)) exitCode = 1;
    }
  } catch (err) {
    if (!(err instanceof Interrupted)) throw err;
    progress.say('Interrupted. Nothing is lost: the same command goes on.');
    exitCode = INTERRUPTED;
  } finally {
    progress.end();
    await house?.close();
    takeHandlersAway();
  }
  return exitCode;
}

class Interrupted extends Error {}

async function expectFile(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return;
  throw new UserError(found ? `${shown} is not a file.` : `There is no file ${shown}.`, { exitCode: 2 });
}

async function importFile(
  house: House,
  config: Config,
  path: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Outcome | HeldError> {
  await progress.begin(path);
  const poll = new AbortController();
  const watching = progress.follow(house.database, poll.signal);
  try {
    const drop = await unlessAborted(house.chunker.importFile(path), signal);
    await reportsWritten(house.database, drop.importNo, signal);
    if (config.SMTP_URL !== undefined) await mailsTried(house, drop.importNo, signal);
    return await describeOutcome(house, config, drop);
  } catch (err) {
    // The files after it are none the worse for it.
    if (err instanceof HeldError) return err;
    throw explain(err);
  } finally {
    poll.abort();
    await watching;
    progress.end();
  }
}

async function reportsWritten(database: Database, importNo: number, signal: AbortSignal): Promise<void> {
  while ((await countDueReports(database, importNo)) > 0) {
    await waitFor(POLL_MS, signal);
    signal.throwIfAborted();
  }
}

/**
 * Waits for the first attempt of each mail, not for others; and for none while the server takes no mail at all. Without a
 * server nobody here would make one: an earlier run with SMTP_URL may have left mails that are due.
 */
async function mailsTried(
  { database, reporter }: House,
  importNo: number,
  signal: AbortSignal,
): Promise<void> {
  while ((await countUntried(database, importNo)) > 0 && reporter.findMailTrouble() === null) {
    await waitFor(POLL_MS, signal);
    signal.throwIfAborted();
  }
}

async function describeOutcome(
  { database, feeds, reporter }: House,
  config: Config,
  { no, importNo }: Drop,
): Promise<Outcome> {
  const drop = await readDrop(database, no);
  const one = await readImport(database, importNo);
  const feed = feeds.find((candidate) => candidate.name === one.feed);
  const receipt = one.state === 'loaded' && feed ? await readReceipt(database, no, feed.countPosted) : null;
  const deliveries = (await countDeliveries(database, [importNo])).get(importNo) ?? null;
  const hasStatements = feed?.hasStatements !== false;
  const mailTrouble = reporter.findMailTrouble();
  return { drop, one, receipt, hasStatements, deliveries, mailTrouble, config };
}

function explain(err: unknown): unknown {
  if (err instanceof Interrupted) return err;
  const failure = classifyFailure(err);
  return failure.kind === 'bug' ? err : new UserError(failure.sentence, { cause: err });
}
