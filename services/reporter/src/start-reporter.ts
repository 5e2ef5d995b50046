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
  releaseReports,
  renewReports,
  type DueReport,
} from '@passbook/imports';
import { prepareFolder, startPeriodic, warnOf, type Logger } from '@passbook/runtime';

/*
 * The reporter: reports due → files in reports/.
 *
 * 1. Claim due reports (a lease).       Killed: the lease ends, another renders the same bytes.
 * 2. Render their files.                Killed: the files are replaced by the same ones later.
 * 3. Mark them done.
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
}

export interface ReporterParts {
  database: Database;
  bus: Bus;
  feeds: readonly Feed[];
  reportsFolder: string;
  /** Mails are written beside the statements; null: none are. */
  mail: MailFiles | null;
  log: Logger;
  /** Told when a turn failed; the next turn tries the same reports again. */
  onFailure: (err: unknown) => void;
}

/** @throws UserError when the folder of the reports cannot be used */
export async function startReporter(parts: ReporterParts): Promise<Reporter> {
  const { database, log } = parts;
  await prepareFolder(parts.reportsFolder);
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
      await markRendered(
        database,
        token,
        reports.map((report) => report.no),
      );
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
      await Promise.all(renderers.map((renderer) => renderer.stop()));
    },
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
  const { importId, fileName, feed: name } = reports[0]!;
  const feed = parts.feeds.find((one) => one.name === name);
  if (!feed) throw new Error(`There is no feed ${name}.`);
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
