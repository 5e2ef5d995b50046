import { makeFeeds } from '@passbook/feeds';
import { openKafkaBus, runService } from '@passbook/service';
import { readConfig } from './config.js';
import { mailWayOf } from './mail-settings.js';
import { startReporter } from './start-reporter.js';

await runService({
  name: 'reporter',
  readConfig,
  async start({ config, database, definitions, log, onFailure, signal }) {
    const bus = await openKafkaBus(config, log, signal);
    const feeds = makeFeeds({ accountNumberKey: null, definitions });
    const reportsFolder = config.REPORTS_DIR;
    const reporter = await startReporter({
      database,
      bus,
      feeds,
      reportsFolder,
      ...mailWayOf(config),
      log,
      onFailure,
    });
    return { stop: () => Promise.all([reporter.stop(), bus.stop()]), findObstacle: () => bus.findObstacle() };
  },
});
