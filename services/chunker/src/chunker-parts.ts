import type { Logger, Settings } from '@passbook/runtime';
import { openFormatShelf } from './format-shelf.js';
import type { ChunkerParts } from './start-chunker.js';

type ChunkerSettings = Settings<
  | 'IMPORTS_DIR'
  | 'PROCESSED_DIR'
  | 'QUARANTINE_DIR'
  | 'FORMATS_DIR'
  | 'TIME_ZONE'
  | 'CURRENCY'
  | 'LOCALE'
  | 'FILE_STABLE_MS'
  | 'WINDOW_ROWS'
  | 'FILE_BYTES_MAX'
  | 'REJECT_THRESHOLD'
>;

/** What the settings say to a chunker, be it a process of its own or one of several services in one. @throws UserError */
export async function chunkerPartsOf(
  config: ChunkerSettings,
  log: Logger,
): Promise<Omit<ChunkerParts, 'database' | 'bus' | 'feeds' | 'onProgress' | 'onFailure'>> {
  return {
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
  };
}
