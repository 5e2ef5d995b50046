import { averageMinor } from '@passbook/ledger';
import type { StatementFormats } from './statement-formats.js';

/** Where there is nothing to take the average of. */
const NONE = '–';

/** An average as a reader sees it: a dash where there is none. */
export function describeAverage(sum: bigint, count: number, formats: StatementFormats): string {
  const mean = averageMinor(sum, count);
  return mean === null ? NONE : formats.money(mean);
}
