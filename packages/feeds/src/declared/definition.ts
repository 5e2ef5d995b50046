import { UserError } from '@passbook/runtime';
import { z } from 'zod';
import type { Column } from '../feed.js';
import { ownColumns } from '../own-columns.js';
import { reconciliationSchema } from '../reconciliation/reconciliation-definition.js';

/*
 * A feed as data: a file of `feed-definitions/`. Columns are said in the vocabulary of Table Schema. docs/feeds.md explains
 * each word.
 */

/** It becomes a name in SQL, with a word before it at most: Postgres cuts names after 63 bytes. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,49}$/, { error: 'is not of a-z, 0-9 and _, beginning with a letter' });

const text = z.string().min(1);
const pattern = text.refine((given) => compiles(given), { error: 'is no regular expression' });
const percent = z.number().min(0).max(100);

/** As text, so that no digit is lost. */
const limit = z
  .union([z.int(), z.string().regex(/^-?\d{1,30}(\.\d{1,20})?$/, { error: 'is not a decimal number' })])
  .transform(String);

const column = z
  .strictObject({
    name,
    type: z.enum(['string', 'integer', 'number', 'date', 'datetime', 'uuid', 'email']),
    /** Of an integer. */
    format: z.enum(['int32', 'int64']).optional(),
    constraints: z
      .strictObject({
        required: z.boolean().default(false),
        enum: z.array(text).min(1).optional(),
        /** The whole cell has to match. */
        pattern: pattern.optional(),
        minimum: limit.optional(),
        maximum: limit.optional(),
        /** Characters. */
        maxLength: z.int().min(1).max(10_000).optional(),
      })
      .default({ required: false }),
  })
  .superRefine(({ type, format, constraints }, context) => {
    const refuse = (message: string): void => void context.addIssue({ code: 'custom', message });
    const isNumber = type === 'integer' || type === 'number';
    if (format && type !== 'integer') refuse('format is of an integer only');
    if (!isNumber && (constraints.minimum ?? constraints.maximum) !== undefined)
      refuse('minimum and maximum are of an integer or a number only');
    if (type === 'integer' && /\./.test(`${constraints.minimum} ${constraints.maximum}`))
      refuse('minimum and maximum of an integer are integers');
    if (isNumber && (constraints.pattern ?? constraints.enum ?? constraints.maxLength) !== undefined)
      refuse('pattern, enum and maxLength are of text only');
  });

/** A cell of the report of a scope. */
const figure = z.discriminatedUnion('value', [
  z.strictObject({ name: text, value: z.literal('scope') }),
  /** Posted rows: all, or those in which a column has this text, compared trimmed and without case. */
  z
    .strictObject({ name: text, value: z.literal('count'), column: name.optional(), equals: text.optional() })
    .refine((given) => (given.column === undefined) === (given.equals === undefined), {
      error: 'needs both column and equals, or neither',
    }),
  z.strictObject({ name: text, value: z.literal('sum'), column: name }),
  /** Rows that were read and not posted. */
  z.strictObject({ name: text, value: z.literal('invalid') }),
  /** The same in percent of the rows that were read, with two decimals. */
  z.strictObject({ name: text, value: z.literal('invalidPercent') }),
]);

const schema = z.strictObject({
  title: text,
  description: text,
  fileName: z.strictObject({
    /** Without case, of the name without `.csv` and `.gz`. Its group `scope`, if it has one, says whose file it is. */
    pattern,
    /** A name that fits: for the sentence that refuses another. */
    example: text,
  }),
  scope: z
    .strictObject({
      /** What a scope is called: agency, branch. */
      name,
      /** How one is named in the report, with `{scope}` in it. */
      title: text.default('{scope}'),
    })
    .optional(),
  columns: z.array(column).min(1).max(200),
  key: z.array(name).min(1).max(10),
  /** append: rows are added to those there are. replace: a file is all rows of its scope. */
  mode: z.enum(['append', 'replace']),
  guards: z
    .strictObject({ maxShrinkPercent: percent.optional(), maxInvalidPercent: percent.optional() })
    .default({}),
  /** Keeps what stood in a quarantined row, for audit. Not for rows that hold secrets. */
  keepsPayload: z.boolean().default(false),
  report: z
    .strictObject({
      title: text,
      /** With `{date}` in it: the day of the load, as YYYYMMDD. */
      fileName: z.string().regex(/^[^/\\\0]{1,200}\.csv$/, { error: 'is not the name of a .csv file' }),
      columns: z.array(figure).min(1).max(100),
    })
    .optional(),
  /** Its rows have to be in a repository, whose own rows are those of another feed. */
  reconciliation: reconciliationSchema.optional(),
});

export type FeedReport = NonNullable<z.output<typeof schema>['report']>;
export type FeedFigure = FeedReport['columns'][number];

/** A feed, and the name of its file without `.json`. */
export interface FeedDefinition extends Omit<z.output<typeof schema>, 'columns'> {
  name: string;
  columns: Column[];
}

/** Names that mean something else in the tables and views of a feed. */
const reserved: ReadonlySet<string> = new Set(['import_no', 'line']);

/** Reads a definition from the text of its file. @throws UserError that lists all its faults */
export function parseDefinition(fileName: string, json: string): FeedDefinition {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (err) {
    throw new UserError(`The feed definition ${fileName}.json is no JSON: ${(err as Error).message}`, {
      exitCode: 2,
    });
  }
  const result = schema.safeParse(given);
  const named = name.safeParse(fileName);
  const faults = [
    ...(named.success ? [] : [`its name ${named.error.issues[0]!.message}`]),
    ...(result.success
      ? findFaults(result.data as Omit<FeedDefinition, 'name'>)
      : result.error.issues.map(
          ({ path, message }) => `${path.length > 0 ? path.join('.') : 'the definition'}: ${message}`,
        )),
  ];
  if (faults.length > 0 || !result.success) {
    throw new UserError(`The feed definition ${fileName}.json has faults:\n  ${faults.join('\n  ')}`, {
      exitCode: 2,
    });
  }
  return { name: fileName, ...result.data } as FeedDefinition;
}

function findFaults(definition: Omit<FeedDefinition, 'name'>): string[] {
  const { columns, key, scope, fileName, report, mode, guards } = definition;
  const names = columns.map((one) => one.name);
  const columnOf = (wanted: string): Column | undefined => columns.find((one) => one.name === wanted);
  const twice = names.filter((one, at) => names.indexOf(one) !== at);
  const taken = names.filter((one) => reserved.has(one) || ownColumns.includes(one) || one === scope?.name);
  const hasGroup = fileName.pattern.includes('(?<scope>');
  const figures = report?.columns ?? [];
  const unknown = figures.flatMap((one) => ('column' in one && one.column ? [one.column] : []));
  const sums = figures.flatMap((one) => (one.value === 'sum' ? [columnOf(one.column)] : []));
  return [
    ...twice.map((one) => `columns: ${one} stands twice`),
    ...taken.map((one) => `columns: ${one} has another meaning: give it another name`),
    ...[...key, ...unknown].filter((one) => !columnOf(one)).map((one) => `${one} is none of the columns`),
    ...key
      .filter((one) => columnOf(one)?.constraints.required === false)
      .map((one) => `key: ${one} must be required`),
    ...sums
      .filter((one) => one && one.type !== 'integer' && one.type !== 'number')
      .map((one) => `report: ${one!.name} is no number, and has no sum`),
    ...(hasGroup === (scope !== undefined)
      ? []
      : ['scope: needs both its name and a group (?<scope>…) in fileName.pattern, or neither']),
    ...(mode === 'append' && guards.maxShrinkPercent !== undefined
      ? ['guards.maxShrinkPercent: a feed that only appends does not shrink']
      : []),
  ];
}

/** What the file name says of a file: its scope, in capitals; null when the name is none of the feed's. */
export function readFileName(definition: FeedDefinition, fileName: string): string | null {
  const stem = fileName.replace(/(\.csv)?(\.gz)?$/i, '');
  const match = new RegExp(definition.fileName.pattern, 'iu').exec(stem);
  return match && (match.groups?.['scope'] ?? '').toUpperCase();
}

/** How a scope is named to people. */
export function nameScope({ title, scope }: FeedDefinition, of: string): string {
  return scope ? scope.title.replaceAll('{scope}', of) : title;
}

function compiles(given: string): boolean {
  try {
    new RegExp(given, 'iu');
    return true;
  } catch {
    return false;
  }
}
