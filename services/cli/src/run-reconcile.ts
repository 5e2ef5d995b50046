import { join } from 'node:path';
import type { Feed, Reconciled } from '@passbook/feeds';
import { UserError, type Logger } from '@passbook/runtime';
import { INTERRUPTED, onStopSignal } from '@passbook/service';
import type { Config } from './config.js';
import { UNKNOWN } from './find-file.js';
import { withDatabaseIfThere } from './open-house.js';
import { showPathFrom } from './show-path.js';

/**
 * `passbook reconcile`: the report of all trades that count now.
 * @returns 0; 2 when no trade was imported; 130 when interrupted
 * @throws UserError
 */
export async function runReconcile(options: { json: boolean }, config: Config, log: Logger): Promise<number> {
  const stopping = new AbortController();
  const interrupted = new Error('The command is interrupted.');
  const takeHandlersAway = onStopSignal(() => stopping.abort(interrupted));
  try {
    return await reconcile(options, config, log, stopping.signal);
  } catch (err) {
    if (err !== interrupted) throw err;
    process.stderr.write('Interrupted. The same command begins anew.\n');
    return INTERRUPTED;
  } finally {
    takeHandlersAway();
  }
}

function reconcile(
  options: { json: boolean },
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<number> {
  return withDatabaseIfThere(config, log, async (database, feeds) => {
    const reconciled: Reconciled[] = [];
    if (database) {
      expectReconciled(feeds);
      const where = { reportsFolder: config.REPORTS_DIR, locale: config.LOCALE, signal };
      for (const feed of feeds) {
        const one = await feed.reconcile?.(database, where);
        if (one) reconciled.push(one);
      }
    }
    if (reconciled.length === 0) {
      process.stdout.write('No trade was imported yet.\n');
      return UNKNOWN;
    }
    const show = showPathFrom(config.standsIn);
    for (const { folder, report, json } of reconciled)
      process.stdout.write(options.json ? json : summarise(report, show(join(folder, 'index.html'))));
    return 0;
  });
}

/** @throws UserError when no feed is reconciled */
function expectReconciled(feeds: readonly Feed[]): void {
  if (feeds.some((feed) => feed.reconcile !== undefined)) return;
  throw new UserError(
    'No feed is reconciled here: a definition of FEED_DEFINITIONS_DIR says so with "reconciliation" (docs/feeds.md).',
    { exitCode: 2 },
  );
}

function summarise(report: Reconciled['report'], page: string): string {
  const { customer, repository } = report.classes;
  const differing = Object.entries(report.reconciliation_error_counts[0])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
  return [
    `${report.customer_transaction_count} customer transactions, ${report.eligible_customer_transactions_count} of them eligible; ${report.global_trade_repository_count} in the repository`,
    `  matched                 ${customer.matched}`,
    `  mismatched              ${customer.mismatched} (${differing})`,
    `  not in the repository   ${customer.missing_in_repository}`,
    `  in the repository only  ${repository.missing_in_customer}`,
    `  over-reported           ${repository.not_eligible}`,
    `${page}\n`,
  ].join('\n');
}
