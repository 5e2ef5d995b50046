import { currencyDecimals } from '@passbook/ledger';
import { UserError, type Settings } from '@passbook/runtime';
import type { ApiParts } from './start-api.js';

type ApiSettings = Settings<
  | 'IMPORTS_DIR'
  | 'PROCESSED_DIR'
  | 'QUARANTINE_DIR'
  | 'REPORTS_DIR'
  | 'HTTP_HOST'
  | 'HTTP_PORT'
  | 'API_AUTH'
  | 'API_KEYS'
  | 'API_RATE_LIMIT'
  | 'TIME_ZONE'
  | 'CURRENCY'
>;

/** What settings mean to the API. @throws UserError for a currency that is not in use */
export function apiPartsOf(config: ApiSettings): Omit<ApiParts, 'database' | 'feeds' | 'log'> {
  try {
    currencyDecimals(config.CURRENCY);
  } catch (err) {
    throw new UserError(`CURRENCY: ${(err as Error).message}`, { exitCode: 2, cause: err });
  }
  return {
    folders: {
      imports: config.IMPORTS_DIR,
      processed: config.PROCESSED_DIR,
      quarantine: config.QUARANTINE_DIR,
      reports: config.REPORTS_DIR,
    },
    host: config.HTTP_HOST,
    port: config.HTTP_PORT,
    isOpenToAll: config.API_AUTH === 'none',
    keys: config.API_KEYS ?? null,
    rateLimit: config.API_RATE_LIMIT,
    timeZone: config.TIME_ZONE,
    currency: config.CURRENCY,
  };
}
