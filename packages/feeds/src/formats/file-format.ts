import type { HoldCode } from '../codes.js';
import {
  ACCOUNT_FORMS,
  identifyAccount,
  isAccountNumber,
  type AccountIdentity,
} from './account-identifier.js';
import type { Format } from './format.js';

/*
 * The format of one file, with nothing left open: where its header is, whose rows they are, what its marks mean. It is
 * decided once, before anything is posted, and stored with the import: an edited format changes no import that is begun.
 */

export interface FileFormat {
  format: Format;
  headerLine: number;
  /** Whose all rows are; null where a column says it. The number itself is not kept. */
  account: AccountIdentity | null;
}

/** Why a file is held: nothing of it is posted before a person has decided. */
export interface Hold {
  code: HoldCode;
  /** What is open. */
  message: string;
  /** The setting that decides it. */
  hint: string;
}

/**
 * Finds the account that the format takes from somewhere else than a column.
 * @returns also what of the format may be stored: no account number, and nothing that one could stand in
 */
export function resolveAccount(
  format: Format,
  { fileName, linesBefore }: { fileName: string; linesBefore: string },
  hashNumber: (number: string) => string,
): { format: Format; account: AccountIdentity | null } | Hold {
  const stored: Format = { ...format, description: '', fileName: undefined };
  const { column, constant, fileName: inName, linesBefore: inLines } = format.columns.account_number;
  if (column !== undefined) return { format: stored, account: null };
  const text =
    constant ?? (inName === undefined ? firstGroup(inLines!, linesBefore) : firstGroup(inName, fileName));
  const hint = `Set columns.account_number in the format ${format.name}.`;
  if (inName !== undefined && text !== null && isAccountNumber(text)) {
    const message =
      'The name of the file shows a whole account number, and names of files are seen everywhere.';
    return { code: 'ACCOUNT', message, hint: `Rename the file. ${hint}` };
  }
  const account = text === null ? null : identifyAccount(text, format.name, hashNumber);
  if (account === null) {
    const place =
      inName !== undefined ? 'name of the file' : inLines !== undefined ? 'text before the header' : 'format';
    const message = `The ${place} shows no account: ${ACCOUNT_FORMS}`;
    return { code: 'ACCOUNT', message: `${message}.`, hint };
  }
  const columns = { ...format.columns, account_number: { constant: `•••• ${account.last4}` } };
  return { format: { ...stored, columns }, account };
}

function firstGroup(pattern: string, text: string): string | null {
  return new RegExp(pattern, 'u').exec(text)?.[1] ?? null;
}
