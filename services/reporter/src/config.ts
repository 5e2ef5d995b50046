import { readSettings } from '@passbook/runtime';
import { busSettings, serviceSettings } from '@passbook/service';

/** @throws UserError with all faults */
export const readConfig = () =>
  readSettings(
    process.env,
    [...serviceSettings, ...busSettings, 'REPORTS_DIR', 'MAIL_FROM'],
    ['DATABASE_URL', 'KAFKA_BROKERS'],
  );
