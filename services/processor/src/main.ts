import { makeFeeds } from '@passbook/feeds';
import { openKafkaBus, runService } from '@passbook/service';
import { readConfig } from './config.js';
import { startProcessor } from './start-processor.js';

await runService({
  name: 'processor',
  readConfig,
  async start({ config, database, definitions, log, onFailure, signal }) {
    const bus = await openKafkaBus(config, log, signal);
    const feeds = makeFeeds({ accountNumberKey: null, definitions });
    const processor = await startProcessor({ database, bus, feeds, log, onFailure });
    return {
      stop: () => Promise.all([processor.stop(), bus.stop()]),
      findObstacle: () => bus.findObstacle(),
    };
  },
});
