import { z } from 'zod';
import { patternWith } from '../explain-issue.js';
import { parseJsonFile } from '../parse-json-file.js';
import { isOrderOpen, makeDateReader, orderedPatterns } from './date-pattern.js';

/*
 * A format says how another layout of a file maps onto the columns of transactions: a bank's export, say. It is a file in
 * the folder of formats, no code. docs/formats.md explains each key to those who write one.
 */

const text = z.string().min(1);

const pattern = patternWith('u');

/** Where the text of a column comes from: exactly one of these. */
const source = z
  .strictObject({
    /** A column of the file. */
    column: text.optional(),
    /** The same for each row. */
    constant: text.optional(),
    /** The first group of a regular expression, looked for in the name of the file. */
    fileName: pattern.optional(),
    /** The same, looked for in the lines before the header. */
    linesBefore: pattern.optional(),
  })
  .refine((given) => Object.keys(given).length === 1, {
    error: 'needs exactly one of column, constant, fileName and linesBefore',
  });

const holderSource = source.refine((given) => given.column !== undefined || given.constant !== undefined, {
  error: 'is a column or a constant',
});

const date = z
  .strictObject({
    column: text,
    /** Such as `dd.MM.yyyy`; `??/??/yyyy` where the file itself has to show which is the day. */
    pattern: text,
    /** Of a column of its own for the time of day. */
    timeColumn: text.optional(),
    /** Of dates without one. */
    year: z.int().min(1900).max(2200).optional(),
  })
  .superRefine(({ pattern: given, year }, context) => {
    try {
      const patterns = isOrderOpen(given) ? Object.values(orderedPatterns(given)) : [given];
      for (const one of patterns) makeDateReader(one, year);
    } catch (err) {
      if (!(err instanceof RangeError)) throw err;
      context.addIssue({ code: 'custom', message: err.message });
    }
  });

const amount = z
  .strictObject({
    /** One signed column, or one whose sign is that of the flag. */
    column: text.optional(),
    /** Two columns, of which one is empty in each row; both without a sign. */
    credit: text.optional(),
    debit: text.optional(),
    flag: z.strictObject({ column: text, credit: text, debit: text }).optional(),
    /** Left out: the file itself has to show which mark it is. */
    decimal: z.enum(['.', ',']).optional(),
    thousands: z.enum(['.', ',', ' ', "'"]).optional(),
    /** Where a minus stands; in parentheses a number is negative. */
    sign: z.enum(['leading', 'trailing', 'parentheses']).default('leading'),
    /** Money that leaves the account is positive in the file. */
    negate: z.boolean().default(false),
    /** What stands before or behind a number and means nothing, such as €. */
    strip: z.array(text).default([]),
  })
  .refine(
    (given) =>
      given.column === undefined
        ? given.credit !== undefined && given.debit !== undefined && given.flag === undefined
        : given.credit === undefined && given.debit === undefined,
    { error: 'needs either column (and perhaps flag), or credit and debit' },
  )
  .refine((given) => given.decimal === undefined || given.decimal !== given.thousands, {
    error: 'has one mark for both decimals and thousands',
  });

const schema = z.strictObject({
  feed: z.literal('transactions'),
  description: text,
  delimiter: z.enum([',', ';', '\t', '|']).default(','),
  encoding: z.enum(['utf-8', 'windows-1252', 'iso-8859-1']).default('utf-8'),
  /** A regular expression that the name of the file has to match as well: two accounts at one bank, say. */
  fileName: pattern.optional(),
  /** The names of all columns. A file is of this format when its header has just these, in whatever order. */
  header: z.array(text).min(1),
  /** The header is looked for below up to so many lines. */
  linesBefore: z.int().min(0).max(100).default(0),
  /** Regular expressions of lines that follow the last row, in their order. Any of them may be missing. */
  linesAfter: z.array(pattern).max(20).default([]),
  /** Rows with another value are not booked yet: they may change, and are handed back. */
  booked: z.strictObject({ column: text, values: z.array(text).min(1) }).optional(),
  /** Columns that make an id where the file has none, beside account, time and amount: left out, all of them do. */
  identity: z.array(text).optional(),
  columns: z.strictObject({
    account_number: source,
    first_name: holderSource.optional(),
    last_name: holderSource.optional(),
    dob: holderSource.optional(),
    email: holderSource.optional(),
    type: holderSource.optional(),
    operation_id: z.strictObject({ column: text }).optional(),
    transaction_ts: date,
    transaction: amount,
    currency: holderSource.optional(),
  }),
});

export type FormatDefinition = z.output<typeof schema>;
export type AmountLayout = FormatDefinition['columns']['transaction'];
export type DateLayout = FormatDefinition['columns']['transaction_ts'];

/** A format, and the name of its file without `.json`. */
export interface Format extends FormatDefinition {
  name: string;
}

/** Reads a format from the text of its file. @throws UserError that lists all its faults */
export function parseFormat(name: string, json: string): Format {
  return { name, ...parseJsonFile({ kind: 'format', name, json, schema, findFaults: findUnknownColumns }) };
}

/** The columns of the file that a format reads. */
export function columnsRead({ columns, booked, identity }: FormatDefinition): string[] {
  const { transaction_ts: time, transaction, ...others } = columns;
  return [
    ...Object.values(others).map((one) => one?.column),
    time.column,
    time.timeColumn,
    transaction.column,
    transaction.credit,
    transaction.debit,
    transaction.flag?.column,
    booked?.column,
    ...(identity ?? []),
  ].filter((name) => name !== undefined);
}

function findUnknownColumns(definition: FormatDefinition): string[] {
  const { header } = definition;
  const twice = header.filter((name, at) => header.indexOf(name) !== at);
  const unknown = columnsRead(definition).filter((name) => !header.includes(name));
  return [
    ...twice.map((name) => `header: ${JSON.stringify(name)} stands twice`),
    ...unknown.map((name) => `columns: ${JSON.stringify(name)} is none of the header`),
  ];
}
