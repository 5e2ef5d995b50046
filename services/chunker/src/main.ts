import { makeFeeds } from '@passbook/feeds';
import { holdToReading, obtainAccountNumberKey, openKafkaBus, runService } from '@passbook/service';
import { chunkerPartsOf } from './chunker-parts.js';
import { readConfig } from './config.js';
import { startChunker } from './start-chunker.js';

await runService({
  name: 'chunker',
  readConfig,
  async start({ config, database, definitions, log, onFailure, signal }) {
    const accountNumberKey = await obtainAccountNumberKey(config.ACCOUNT_NUMBER_KEY, config.PASSBOOK_DIR);
    await holdToReading(database, { timeZone: config.TIME_ZONE, accountNumberKey });
    const bus = await openKafkaBus(config, log, signal);
    const chunker = await startChunker({
      database,
      bus,
      feeds: makeFeeds({ accountNumberKey, definitions }),
      ...(await chunkerPartsOf(config, log)),
      onProgress: () => {},
      onFailure,
    });
    chunker.watch();
    return { stop: () => Promise.all([chunker.stop(), bus.stop()]), findObstacle: () => bus.findObstacle() };
  },
});
