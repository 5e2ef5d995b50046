import { readSettings } from '@passbook/runtime';
import { busSettings, serviceSettings } from '@passbook/service';
import { mailSettings } from './mail-settings.js';

/** @throws UserError with all faults */
export const readConfig = () =>
  readSettings(
    process.env,
    [...serviceSettings, ...busSettings, 'REPORTS_DIR', ...mailSettings],
    ['DATABASE_URL', 'KAFKA_BROKERS'],
  );
