/*
 * Every code that is given to a row or a file which is not as it must be. They never change their meaning: programs look for
 * them. docs/codes.md explains each, with the way out.
 */

/** Why a row was not posted. */
export const rowCodes = [
  'MISSING_CELL',
  'EXTRA_CELL',
  'QUOTE',
  'ROW_TOO_LARGE',
  'ENCODING',
  'CONTROL_CHARACTER',
  'TYPE_AMOUNT',
  'AMBIGUOUS_DECIMAL',
  'PRECISION',
  'RANGE',
  'TYPE_DATE',
  'AMBIGUOUS_DATE',
  'TYPE_NUMBER',
  'TYPE_ID',
  'TYPE_VALUE',
  'EMAIL',
  'ACCOUNT',
  'CURRENCY',
  'NOT_BOOKED',
  'CONFLICT',
  'DUPLICATE',
] as const;

/** Why a file was refused, and nothing of it posted. */
export const fileCodes = [
  'EMPTY_FILE',
  'HEADER_MISSING',
  'HEADER_UNKNOWN',
  'HEADER_DUPLICATE',
  'FILE_NAME',
  'PARTIAL_FILE',
  'ENCODING',
  'ENCODING_UTF16',
  'COMPRESSION',
  'FILE_TOO_LARGE',
  'TOO_MANY_REJECTS',
] as const;

/** Why a file is held: nothing of it is posted until its format says more, or a person lets it in. */
export const holdCodes = [
  'AMBIGUOUS_DATE',
  'AMBIGUOUS_DECIMAL',
  'HEADER_CHANGED',
  'HEADER_REPEATED',
  'FORMAT_AMBIGUOUS',
  'ENCODING',
  'ACCOUNT',
  'SHRUNK',
  'TOO_MANY_INVALID',
] as const;

/** Whether a file is held by a guard of its feed, and a person may let it in as it is. */
export function holdsByGuard(code: string | null): boolean {
  return code === 'SHRUNK' || code === 'TOO_MANY_INVALID';
}

export type RowCode = (typeof rowCodes)[number];
export type FileCode = (typeof fileCodes)[number];
export type HoldCode = (typeof holdCodes)[number];
