import { z } from 'zod';
import { decimalText, explainNoName, patternWith, sqlName as name } from '../explain-issue.js';
import type { Column } from '../feed.js';
import { ownColumns } from '../own-columns.js';
import { parseJsonFile } from '../parse-json-file.js';
import { reconciliationSchema } from '../reconciliation/reconciliation-definition.js';
import { scaleDecimal } from './read-cell.js';

/*
 * A feed as data: a file of `feed-definitions/`. Columns are said in the vocabulary of Table Schema. docs/feeds.md explains
 * each word.
 */

const text = z.string().min(1);
const pattern = patternWith('iu');
const percent = z.number().min(0).max(100);

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
        minimum: decimalText.optional(),
        maximum: decimalText.optional(),
        /** Characters. */
        maxLength: z.int().min(1).max(10_000).optional(),
      })
      .default({ required: false }),
  })
  .superRefine(({ type, format, constraints }, context) => {
    const refuse = (message: string): void => void context.addIssue({ code: 'custom', message });
    const isNumber = type === 'integer' || type === 'number';
    const { minimum, maximum } = constraints;
    if (format && type !== 'integer') refuse(`format is of an integer, and this is of type ${type}`);
    if (!isNumber && (minimum ?? maximum) !== undefined)
      refuse(`minimum and maximum are of an integer or a number, and this is of type ${type}`);
    if (type === 'integer' && /\./.test(`${minimum} ${maximum}`))
      refuse('minimum and maximum of an integer have to be whole numbers');
    if (minimum !== undefined && maximum !== undefined && scaleDecimal(minimum) > scaleDecimal(maximum))
      refuse(`minimum ${minimum} is more than maximum ${maximum}: no cell would do`);
    if (isNumber && (constraints.pattern ?? constraints.enum ?? constraints.maxLength) !== undefined)
      refuse(`pattern, enum and maxLength are of text, and this is of type ${type}`);
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
      fileName: z.string().regex(/^[^/\\\0]{1,200}\.csv$/, {
        error: 'has to be the name of a file that ends in .csv, without a folder',
      }),
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
  const nameFaults = name.safeParse(fileName).success
    ? []
    : [`the name of the file: ${explainNoName(fileName)}`];
  const read = parseJsonFile({
    kind: 'feed definition',
    name: fileName,
    json,
    schema,
    nameFaults,
    findFaults: (data) => findFaults(data as ReadDefinition),
  });
  return { name: fileName, ...read } as FeedDefinition;
}

type ReadDefinition = Omit<FeedDefinition, 'name'>;

function findFaults(definition: ReadDefinition): string[] {
  return [...findColumnFaults(definition), ...findReportFaults(definition), ...findFileFaults(definition)];
}

function findColumnFaults({ columns, key, scope }: ReadDefinition): string[] {
  const names = columns.map((one) => one.name);
  const taken = names.filter((one) => reserved.has(one) || ownColumns.includes(one) || one === scope?.name);
  return [
    ...findTwice(names).map((one) => `columns: ${one} stands twice`),
    ...taken.map((one) => `columns: ${one} has another meaning: give it another name`),
    ...findTwice(key).map((one) => `key: ${one} stands twice`),
    ...key.flatMap((one) => {
      const column = columns.find((candidate) => candidate.name === one);
      if (!column) return [`key: ${one} is none of the columns (${names.join(', ')})`];
      return column.constraints.required
        ? []
        : [`key: ${one} must be required: write "constraints": { "required": true } at the column`];
    }),
  ];
}

function findReportFaults({ columns, report }: ReadDefinition): string[] {
  const figures = report?.columns ?? [];
  return [
    ...findTwice(figures.map((one) => one.name)).map((one) => `report.columns: ${one} stands twice`),
    ...figures.flatMap((one, at) => {
      if (!('column' in one) || one.column === undefined) return [];
      const found = columns.find((candidate) => candidate.name === one.column);
      const place = `report.columns.${at}.column (${one.name})`;
      if (!found)
        return [
          `${place}: ${one.column} is none of the columns (${columns.map((column) => column.name).join(', ')})`,
        ];
      const hasSum = found.type === 'integer' || found.type === 'number';
      return one.value === 'sum' && !hasSum
        ? [`${place}: ${one.column} is of type ${found.type}, and only an integer or a number has a sum`]
        : [];
    }),
  ];
}

function findFileFaults({ fileName, scope, mode, guards }: ReadDefinition): string[] {
  const hasGroup = fileName.pattern.includes('(?<scope>');
  return [
    ...(matchName(fileName.pattern, fileName.example)
      ? []
      : [`fileName.example: ${fileName.example} does not fit fileName.pattern, and has to`]),
    ...(scope && !hasGroup
      ? [
          'scope: fileName.pattern has no group (?<scope>…) that says whose a file is: write one, or leave scope out',
        ]
      : []),
    ...(!scope && hasGroup
      ? [
          'scope: is missing, and fileName.pattern has a group (?<scope>…): say what it is, as { "name": "branch" }',
        ]
      : []),
    ...(mode === 'append' && guards.maxShrinkPercent !== undefined
      ? ['guards.maxShrinkPercent: a feed that only appends does not shrink: leave it out']
      : []),
  ];
}

function findTwice(names: readonly string[]): string[] {
  return [...new Set(names.filter((one, at) => names.indexOf(one) !== at))];
}

/** What the file name says of a file: its scope, in capitals; null when the name is none of the feed's. */
export function readFileName(definition: FeedDefinition, fileName: string): string | null {
  const match = matchName(definition.fileName.pattern, fileName);
  return match && (match.groups?.['scope'] ?? '').toUpperCase();
}

/** How a scope is named to people. */
export function nameScope({ title, scope }: FeedDefinition, of: string): string {
  return scope ? scope.title.replaceAll('{scope}', of) : title;
}

function matchName(pattern: string, fileName: string): RegExpExecArray | null {
  return new RegExp(pattern, 'iu').exec(fileName.replace(/(\.csv)?(\.gz)?$/i, ''));
}
