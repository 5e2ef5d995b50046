import { readSettings } from '@passbook/runtime';
import { busSettings, serviceSettings } from '@passbook/service';

/** @throws UserError with all faults */
export const readConfig = () =>
  readSettings(
    process.env,
    [
      ...serviceSettings,
      ...busSettings,
      'PASSBOOK_DIR',
      'IMPORTS_DIR',
      'PROCESSED_DIR',
      'QUARANTINE_DIR',
      'FORMATS_DIR',
      'ACCOUNT_NUMBER_KEY',
      'TIME_ZONE',
      'LOCALE',
      'CURRENCY',
      'FILE_STABLE_MS',
      'WINDOW_ROWS',
      'FILE_BYTES_MAX',
      'REJECT_THRESHOLD',
    ],
    ['DATABASE_URL', 'KAFKA_BROKERS'],
  );
