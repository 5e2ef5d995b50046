import { join } from 'node:path';
import type { Bus } from '@passbook/bus';
import { REPORTER_GROUP, REPORTS_DUE } from '@passbook/contracts';
import type { Database } from '@passbook/database';
import type { Feed, MailFiles } from '@passbook/feeds';
import {
  claimReports,
  LEASE_RENEW_MS,
  markRendered,
  nameReportFolder,
  readReports,
  releaseReports,
  renewReports,
  type DueReport,
} from '@passbook/imports';
import { makeDeliveriesDue, startSender } from '@passbook/mail';
import { prepareFolder, startPeriodic, UserError, warnOf, type Logger } from '@passbook/runtime';
import type { MailSending } from './mail-settings.js';

/*
 * The reporter: reports due → files in reports/.
 *
 * 1. Claim due reports (a lease).       Killed: the lease ends, another renders the same bytes.
 * 2. Render their files.                Killed: the files are replaced by the same ones later.
 * 3. Mark them done; with a mail server, their mails are due in the same transaction.
 *    From there on see the sender (packages/mail, send-claim).
 *
 * A message on `reports.due` only wakes it; the table says what is due, and the sweep finds what no message told.
 */

const SWEEP_EVERY_MS = 5_000;

/** Claims that are rendered at the same time: while one waits for Postgres, the other computes and writes. */
const CLAIMS_AT_ONCE = 2;

/** What failed once will hardly be mended sooner. */
const PAUSE_AFTER_FAILURE_SECONDS = 30;

export interface Reporter {
  stop(): Promise<void>;
  /** Why the mail server takes nothing at present; null when nothing is known against it, or no mails are sent. */
  findMailTrouble(): string | null;
}

export interface ReporterParts {
  database: Database;
  bus: Bus;
  feeds: readonly Feed[];
  reportsFolder: string;
  /** Mails are written beside the statements; null: none are. */
  mail: MailFiles | null;
  /** Mails are sent; null: none are. */
  sending: MailSending | null;
  log: Logger;
  /** Told when a turn failed; the next turn tries the same reports again. */
  onFailure: (err: unknown) => void;
}

/** @throws UserError when the folder of the reports cannot be used */
export async function startReporter(parts: ReporterParts): Promise<Reporter> {
  const { database, log } = parts;
  await prepareFolder(parts.reportsFolder);
  const sender = startSending(parts);
  const renderDue = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const { token, reports } = await claimReports(database);
      if (reports.length === 0) return;
      try {
        await renderUnderLease(parts, token, reports, signal);
      } catch (err) {
        if (signal.aborted) return releaseReports(database, token);
        // What is wrong with this import is not to keep the others waiting.
        await releaseReports(database, token, PAUSE_AFTER_FAILURE_SECONDS);
        parts.onFailure(err);
        continue;
      }
      await markDone(parts, token, reports);
      sender?.wake();
      log.info({ reports: reports.length }, 'reports written');
    }
  };
  const renderers = Array.from({ length: CLAIMS_AT_ONCE }, () =>
    startPeriodic(renderDue, { everyMs: SWEEP_EVERY_MS, onFailure: parts.onFailure }),
  );
  const consumer = await parts.bus.consume(REPORTS_DUE, {
    group: REPORTER_GROUP,
    batchMessagesMax: 1_000,
    handle: () => {
      for (const renderer of renderers) renderer.wake();
      return Promise.resolve();
    },
    onFailure: parts.onFailure,
  });
  return {
    async stop() {
      await consumer.stop();
      await Promise.all([...renderers.map((renderer) => renderer.stop()), sender?.stop()]);
    },
    findMailTrouble: () => sender?.findTrouble() ?? null,
  };
}

/** Renders claimed reports, which are all of one import, into its folder. */
async function renderUnderLease(
  parts: ReporterParts,
  token: string,
  reports: readonly DueReport[],
  signal: AbortSignal,
): Promise<void> {
  const { database, log } = parts;
  const { importId, fileName } = reports[0]!;
  const feed = feedOf(parts, reports);
  const lease = startPeriodic(() => renewReports(database, token), {
    everyMs: LEASE_RENEW_MS,
    onFailure: warnOf(log, 'a lease on reports could not be renewed'),
  });
  try {
    const folder = join(parts.reportsFolder, nameReportFolder(fileName, importId));
    await prepareFolder(folder);
    await feed.render(database, reports, folder, parts.mail, signal);
  } finally {
    await lease.stop();
  }
}

/** @param reports of one import */
function feedOf({ feeds }: ReporterParts, reports: readonly DueReport[]): Feed {
  const name = reports[0]?.feed;
  const feed = feeds.find((one) => one.name === name);
  if (!feed)
    throw new UserError(`There is no feed ${name} here: is its definition in FEED_DEFINITIONS_DIR still?`);
  return feed;
}

/** Reports that are done, and their mails that are due, are one thing: of a statement that was rendered there is one mail. */
async function markDone(parts: ReporterParts, token: string, reports: readonly DueReport[]): Promise<void> {
  const feed = feedOf(parts, reports);
  await parts.database.withTransaction(async (trx) => {
    const marked = await markRendered(
      trx,
      token,
      reports.map((report) => report.no),
    );
    if (parts.sending === null) return;
    const recipients = reports.flatMap((report) => {
      const address = feed.addressOf(report);
      return address === null || !marked.has(report.no) ? [] : [{ accountId: report.accountId!, address }];
    });
    await makeDeliveriesDue(trx, reports[0]!.importNo, recipients);
  });
}

function startSending(parts: ReporterParts): ReturnType<typeof startSender> | null {
  const { sending, database } = parts;
  if (sending === null) return null;
  return startSender({
    ...sending,
    database,
    log: parts.log,
    onFailure: parts.onFailure,
    async *renderLetters(importNo, accountIds, signal) {
      const reports = await readReports(database, importNo, accountIds);
      const feed = feedOf(parts, reports);
      if (feed.renderLetters) yield* feed.renderLetters(database, reports, signal);
    },
  });
}
