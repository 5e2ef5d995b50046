import { join } from 'node:path';
import type { Feed, Reconciled } from '@passbook/feeds';
import { UserError, type Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { UNKNOWN } from './find-file.js';
import { withDatabaseIfThere } from './open-house.js';
import { showPathFrom } from './show-path.js';

/** `passbook reconcile`: the report of all trades that count now. @returns the exit code @throws UserError */
export function runReconcile(options: { json: boolean }, config: Config, log: Logger): Promise<number> {
  return withDatabaseIfThere(config, log, async (database, feeds) => {
    const reconciled: Reconciled[] = [];
    if (database) {
      expectReconciled(feeds);
      for (const feed of feeds) {
        const one = await feed.reconcile?.(database, {
          reportsFolder: config.REPORTS_DIR,
          locale: config.LOCALE,
          signal: new AbortController().signal,
        });
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
