import { z } from 'zod';
import { decimalText } from '../explain-issue.js';
import type { Column } from '../feed.js';

/*
 * A reconciliation as data: a part of the definition of the feed whose rows have to be in a repository. docs/feeds.md explains
 * each word.
 */

const text = z
  .string()
  .min(1)
  .refine((value) => !/[\0\p{Surrogate}]/u.test(value), 'has a NUL, or half of a character: take it out');
const numberOperators = ['above', 'atLeast', 'below', 'atMost'] as const;
const textOperators = ['in', 'notIn'] as const;

/** Bounds the figures of a report: each rule is a bit of a number. */
const RULES_MAX = 20;

const rule = z
  .strictObject({
    column: text,
    above: decimalText.optional(),
    atLeast: decimalText.optional(),
    below: decimalText.optional(),
    atMost: decimalText.optional(),
    in: z.array(text).min(1).max(1_000).optional(),
    notIn: z.array(text).min(1).max(1_000).optional(),
  })
  .transform(({ column, ...conditions }, context): EligibilityRule => {
    const given = [...numberOperators, ...textOperators].filter((name) => conditions[name] !== undefined);
    if (given.length !== 1)
      context.addIssue({
        code: 'custom',
        message: `needs one of ${[...numberOperators, ...textOperators].join(', ')}, and no more than one`,
      });
    const operator = given[0] ?? 'in';
    return { column, operator, values: [conditions[operator] ?? []].flat() };
  });

export const reconciliationSchema = z.strictObject({
  /** The feed of what the repository holds. */
  repository: text,
  /** Columns of both, which have to agree. */
  compares: z.array(text).min(1).max(20),
  /** A row has to be in the repository if all of these hold; if there are none, each has. */
  eligible: z.array(rule).max(RULES_MAX),
  /** Else texts are compared trimmed and without case. */
  exactTexts: z.boolean().default(false),
});

export interface EligibilityRule {
  column: string;
  operator: (typeof numberOperators)[number] | (typeof textOperators)[number];
  /** Of an operator on numbers: one, as decimal text. */
  values: string[];
}

export type ReconciliationDefinition = z.output<typeof reconciliationSchema>;

/** A feed, as far as a reconciliation has to know it. */
export interface ReconciledFeed {
  name: string;
  columns: Column[];
  key: string[];
  mode: 'append' | 'replace';
  report?: object | undefined;
  reconciliation?: ReconciliationDefinition | undefined;
}

/** All that a reconciliation depends on beside the rows: it is stored with each report. */
export interface Reconciliation {
  customer: { feed: string; key: string };
  repository: { feed: string; key: string };
  compares: { name: string; isText: boolean }[];
  rules: EligibilityRule[];
  exactTexts: boolean;
}

/** The reconciliation that a feed is a side of; null when there is none. The definitions were found to be without faults. */
export function findReconciliation(feeds: readonly ReconciledFeed[], name: string): Reconciliation | null {
  for (const customer of feeds) {
    const { reconciliation } = customer;
    const repository = feeds.find((one) => one.name === reconciliation?.repository);
    if (!reconciliation || !repository || ![customer.name, repository.name].includes(name)) continue;
    return {
      customer: { feed: customer.name, key: customer.key[0]! },
      repository: { feed: repository.name, key: repository.key[0]! },
      compares: reconciliation.compares.map((column) => ({
        name: column,
        isText: isText(customer.columns.find((one) => one.name === column)),
      })),
      rules: reconciliation.eligible,
      exactTexts: reconciliation.exactTexts,
    };
  }
  return null;
}

/** What keeps the reconciliations of some definitions from being made, each with the name of its file. */
export function findReconciliationFaults(feeds: readonly ReconciledFeed[]): string[] {
  const sides = feeds.flatMap(({ name, reconciliation }) =>
    reconciliation ? [name, reconciliation.repository] : [],
  );
  return feeds.flatMap((customer) => {
    const { reconciliation } = customer;
    if (!reconciliation) return [];
    const repository = feeds.find(({ name }) => name === reconciliation.repository);
    const faults = repository
      ? [
          ...[customer, repository].flatMap((side) => findSideFaults(side, sides)),
          ...findColumnFaults(customer, repository, reconciliation),
        ]
      : [
          `repository: there is no feed ${reconciliation.repository}; declared are ${feeds.map(({ name }) => name).join(', ')}`,
        ];
    return faults.map((fault) => `${customer.name}.json: reconciliation.${fault}`);
  });
}

function findSideFaults({ name, key, mode, report }: ReconciledFeed, sides: readonly string[]): string[] {
  return [
    ...(sides.filter((one) => one === name).length > 1
      ? [`repository: ${name} is reconciled twice, and may be a side of one reconciliation only`]
      : []),
    ...(mode === 'append'
      ? []
      : [`repository: ${name} replaces its rows, and must append: write "mode": "append" in ${name}.json`]),
    ...(key.length === 1
      ? []
      : [`repository: the key of ${name} has more than one column, and has to be one: the id of a trade`]),
    ...(report
      ? [
          `repository: ${name} has a report of its own, and gets that of the reconciliation: leave report out of ${name}.json`,
        ]
      : []),
  ];
}

function findColumnFaults(
  customer: ReconciledFeed,
  repository: ReconciledFeed,
  { compares, eligible }: ReconciliationDefinition,
): string[] {
  const typeOf = (feed: ReconciledFeed, column: string): Column['type'] | undefined =>
    feed.columns.find(({ name }) => name === column)?.type;
  const faults = compares.flatMap((column, at) => {
    if (compares.indexOf(column) < at) return [`compares: ${column} is named twice`];
    const [own, other] = [typeOf(customer, column), typeOf(repository, column)];
    if (!own || !other) return [`compares: ${column} is ${noColumnOf(own ? repository : customer)}`];
    return own === other
      ? []
      : [`compares: ${column} is ${own} here and ${other} in ${repository.name}, and has to be of one type`];
  });
  for (const [at, { column, operator }] of eligible.entries()) {
    const found = customer.columns.find(({ name }) => name === column);
    const wantsText = operator === 'in' || operator === 'notIn';
    if (!found) faults.push(`eligible.${at}.column: ${column} is ${noColumnOf(customer)}`);
    else if (wantsText ? !isText(found) : !isNumber(found))
      faults.push(
        `eligible.${at}.${operator}: is of ${wantsText ? 'text' : 'a number'}, and ${column} is ${found.type}`,
      );
  }
  const [key, other] = [typeOf(customer, customer.key[0]!), typeOf(repository, repository.key[0]!)];
  if (key !== other) faults.push(`repository: the keys of both must be of one type, not ${key} and ${other}`);
  return faults;
}

function noColumnOf({ name, columns }: ReconciledFeed): string {
  return `no column of ${name}, which has ${columns.map((column) => column.name).join(', ')}`;
}

function isText(column: Column | undefined): boolean {
  return column?.type === 'string' || column?.type === 'email';
}

function isNumber({ type }: Column): boolean {
  return type === 'number' || type === 'integer';
}
