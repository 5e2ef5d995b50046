import type { Column } from '../feed.js';

/** Longest name that is taken: far beyond any real one, and small enough for every message and mail. */
export const NAME_CHARS_MAX = 1_000;

/** RFC 5321: the longest address that mail can be sent to. */
export const EMAIL_CHARS_MAX = 254;

export const accountTypes = ['credit', 'debit'] as const;

/** The columns of a transactions file. Their order in a file is free. */
export const transactionColumns = [
  { name: 'account_number', type: 'string', constraints: { required: true, pattern: '[0-9][0-9 -]*' } },
  { name: 'first_name', type: 'string', constraints: { required: true, maxLength: NAME_CHARS_MAX } },
  { name: 'last_name', type: 'string', constraints: { required: true, maxLength: NAME_CHARS_MAX } },
  { name: 'dob', type: 'date', constraints: { required: true } },
  { name: 'email', type: 'email', constraints: { required: true, maxLength: EMAIL_CHARS_MAX } },
  { name: 'type', type: 'string', constraints: { required: true, enum: accountTypes } },
  { name: 'operation_id', type: 'uuid', constraints: { required: true } },
  { name: 'transaction_ts', type: 'datetime', constraints: { required: true } },
  { name: 'transaction', type: 'number', constraints: { required: true } },
] as const satisfies readonly Column[];

export type TransactionColumn = (typeof transactionColumns)[number]['name'];
