import { makeFeeds } from '@passbook/feeds';
import { holdToReading, obtainAccountNumberKey, openKafkaBus, runService } from '@passbook/service';
import { readConfig } from './config.js';
import { openFormatShelf } from './format-shelf.js';
import { startChunker } from './start-chunker.js';

await runService({
  name: 'chunker',
  readConfig,
  async start({ config, database, log, onFailure, signal }) {
    const accountNumberKey = await obtainAccountNumberKey(config.ACCOUNT_NUMBER_KEY, config.PASSBOOK_DIR);
    await holdToReading(database, { timeZone: config.TIME_ZONE, accountNumberKey });
    const bus = await openKafkaBus(config, log, signal);
    const chunker = await startChunker({
      database,
      bus,
      feeds: makeFeeds({ accountNumberKey }),
      formats: await openFormatShelf(config.FORMATS_DIR, log),
      folders: {
        imports: config.IMPORTS_DIR,
        processed: config.PROCESSED_DIR,
        quarantine: config.QUARANTINE_DIR,
      },
      timeZone: config.TIME_ZONE,
      currency: config.CURRENCY,
      locale: config.LOCALE,
      fileStableMs: config.FILE_STABLE_MS,
      windowRows: config.WINDOW_ROWS,
      fileBytesMax: config.FILE_BYTES_MAX,
      rejectThreshold: config.REJECT_THRESHOLD,
      log,
      onProgress: () => {},
      onFailure,
    });
    chunker.watch();
    return { stop: () => Promise.all([chunker.stop(), bus.stop()]), findObstacle: () => bus.findObstacle() };
  },
});
