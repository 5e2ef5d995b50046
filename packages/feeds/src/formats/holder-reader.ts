import type { Fault } from '@passbook/imports';
import type { Holder } from '@passbook/ledger';
import { makeZoneClock } from '@passbook/runtime';
import { checkBirthDate, checkEmail, checkName, checkType } from '../transactions/check-cell.js';
import type { CellReader } from './money-reader.js';

/** Columns that say who holds an account, and of which kind it is. */
export const holderColumns = ['first_name', 'last_name', 'dob', 'email', 'type'] as const;

/** Reads what a row says of its holder, by the rules of a transactions file. What is empty is not known. */
export function makeHolderReader(
  cells: Partial<Record<string, CellReader | null>>,
): (row: readonly string[]) => { type: string | null; holder: Holder } | Fault[] {
  const clock = makeZoneClock('UTC');
  const isDate = (date: string): boolean => clock.toUtc(`${date} 00:00:00`) !== null;
  const checks: Record<(typeof holderColumns)[number], (text: string) => Fault | null> = {
    first_name: (text) => checkName('first_name', text),
    last_name: (text) => checkName('last_name', text),
    dob: (text) => checkBirthDate(text, isDate),
    email: checkEmail,
    type: checkType,
  };
  return (row) => {
    const faults: Fault[] = [];
    const said = holderColumns.map((name) => {
      const cell = cells[name]?.(row);
      if (cell === undefined || cell.text === '') return null;
      const fault = checks[name](cell.text);
      if (fault) faults.push({ ...fault, column: cell.column });
      return cell.text;
    });
    if (faults.length > 0) return faults;
    const [firstName = null, lastName = null, bornOn = null, email = null, type = null] = said;
    return { type, holder: { firstName, lastName, bornOn, email } };
  };
}
