import { runService } from '@passbook/service';
import { readConfig } from './config.js';
import { startApi } from './start-api.js';

await runService({
  name: 'api',
  readConfig,
  async start({ config, database, log }) {
    const api = await startApi({
      database,
      folders: {
        imports: config.IMPORTS_DIR,
        processed: config.PROCESSED_DIR,
        quarantine: config.QUARANTINE_DIR,
        reports: config.REPORTS_DIR,
      },
      host: config.HTTP_HOST,
      port: config.HTTP_PORT,
      isOpenToAll: config.API_AUTH === 'none',
      log,
    });
    log.info({ url: api.url }, 'the page is served');
    return { stop: () => api.stop(), findObstacle: () => null };
  },
});
