import { readSettings, standsIn, type SettingName, type Settings } from '@passbook/runtime';
import { mailSettings } from '@passbook/reporter';
import { busSettings } from '@passbook/service';

const names = [
  ...busSettings,
  'DATABASE_URL',
  'PASSBOOK_DIR',
  'IMPORTS_DIR',
  'PROCESSED_DIR',
  'QUARANTINE_DIR',
  'REPORTS_DIR',
  'FORMATS_DIR',
  ...mailSettings,
  'FEED_DEFINITIONS_DIR',
  'HTTP_HOST',
  'HTTP_PORT',
  'API_AUTH',
  'API_KEYS',
  'API_RATE_LIMIT',
  'ACCOUNT_NUMBER_KEY',
  'TIME_ZONE',
  'LOCALE',
  'CURRENCY',
  'FILE_STABLE_MS',
  'WINDOW_ROWS',
  'FILE_BYTES_MAX',
  'REJECT_THRESHOLD',
  'LOG_LEVEL',
] as const satisfies readonly SettingName[];

export type Config = Settings<(typeof names)[number]> & {
  /** Where the user stands: relative paths on the command line start here. */
  standsIn: string;
};

/** The settings of the one process that holds all services. @throws UserError with all faults */
export function readConfig(): Config {
  return { ...readSettings(process.env, names), standsIn: standsIn(process.env) };
}
