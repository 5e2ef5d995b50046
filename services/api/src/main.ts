import { holdToInstallation } from '@passbook/database';
import { makeFeeds } from '@passbook/feeds';
import { runService } from '@passbook/service';
import { apiPartsOf } from './api-parts.js';
import { readConfig } from './config.js';
import { startApi } from './start-api.js';

await runService({
  name: 'api',
  readConfig,
  async start({ config, database, definitions, log }) {
    // Months and days of the ledger are of this zone.
    await holdToInstallation(database, 'TIME_ZONE', config.TIME_ZONE);
    const api = await startApi({
      database,
      feeds: makeFeeds({ accountNumberKey: null, definitions }),
      ...apiPartsOf(config),
      log,
    });
    log.info({ url: api.url }, 'the page is served');
    return { stop: () => api.stop(), findObstacle: () => null };
  },
});
