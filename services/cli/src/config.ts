import { resolve } from 'node:path';
import { readSettings, UserError, type SettingName, type Settings } from '@passbook/runtime';

const names = [
  'DATABASE_URL',
  'PASSBOOK_DIR',
  'IMPORTS_DIR',
  'PROCESSED_DIR',
  'QUARANTINE_DIR',
  'REPORTS_DIR',
  'HTTP_HOST',
  'HTTP_PORT',
  'API_AUTH',
  'ACCOUNT_NUMBER_KEY',
  'TIME_ZONE',
  'LOCALE',
  'CURRENCY',
  'FILE_STABLE_MS',
  'LOG_LEVEL',
] as const satisfies readonly SettingName[];

export type Config = Settings<(typeof names)[number]> & {
  /** Where the user stands: every relative path is read from here. */
  standsIn: string;
};

const folders = ['PASSBOOK_DIR', 'IMPORTS_DIR', 'PROCESSED_DIR', 'QUARANTINE_DIR', 'REPORTS_DIR'] as const;

/** The settings of the one process that holds all services. @throws UserError with all faults */
export function readConfig(): Config {
  // npm runs scripts in the folder of package.json, and says in INIT_CWD where the user stands.
  const standsIn = process.env['INIT_CWD'] ?? process.cwd();
  const config = { ...readSettings(process.env, names), standsIn };
  for (const name of folders) config[name] = resolve(standsIn, config[name]);
  for (const [at, name] of folders.entries()) {
    const same = folders.slice(0, at).find((other) => config[other] === config[name]);
    // What comes out would go in again.
    if (same) {
      throw new UserError(
        `${same} and ${name} are the same folder, ${config[name]}. Each needs one of its own.`,
        {
          exitCode: 2,
        },
      );
    }
  }
  return config;
}
