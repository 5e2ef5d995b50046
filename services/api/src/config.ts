import { readSettings } from '@passbook/runtime';
import { serviceSettings } from '@passbook/service';

/** @throws UserError with all faults */
export const readConfig = () =>
  readSettings(
    process.env,
    [
      ...serviceSettings,
      'IMPORTS_DIR',
      'PROCESSED_DIR',
      'QUARANTINE_DIR',
      'REPORTS_DIR',
      'HTTP_PORT',
      'API_AUTH',
      'API_KEYS',
      'API_RATE_LIMIT',
      'TIME_ZONE',
      'CURRENCY',
    ],
    ['DATABASE_URL'],
  );
