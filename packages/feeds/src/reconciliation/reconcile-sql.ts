import { quote, tableOf } from '../declared/feed-table.js';
import type { EligibilityRule, Reconciliation } from './reconciliation-definition.js';
import type { ReconciliationSnapshot } from './snapshot.js';

/*
 * Both sides beside one another, as one set: a full join by the key, of the rows of all loads that count. What a row breaks and
 * in what it differs are bits of a number, so that a handful of groups says all there is to count.
 */

/** A statement, and its parameters. */
export interface Sql {
  text: string;
  parameters: unknown[];
}

/**
 * `reconciled`, for a `with`: `c` and `r` are the rows of the two sides, null where there is none; `failed` has a bit for each
 * rule that the customer's row breaks, `differs` one for each column that does.
 */
export function reconciledRows({ reconciliation, newestLoad }: ReconciliationSnapshot): Sql {
  const { customer, repository, compares, rules, exactTexts } = reconciliation;
  const parameters: unknown[] = [newestLoad, customer.feed, repository.feed];
  const failed = rules.map((rule) => `not coalesce(${conditionOf(rule, exactTexts, parameters)}, false)`);
  const rows = (side: Reconciliation['customer'], feed: string, more: string): string =>
    `select t.${quote(side.key)} as id, t.import_no, t.line${compares.map(({ name }) => `, t.${quote(name)}`).join('')}${more}
     from ${quote(tableOf(side.feed))} t
     where t.import_no in (select import_no from feed_loads where feed = ${feed}::text and no <= $1::bigint)`;
  const pairs = compares.map(({ name }) => [`c.${quote(name)}`, `r.${quote(name)}`] as const);
  const values = pairs.map(([c, r], at) => `, ${c} as c${at}, ${r} as r${at}`).join('');
  const differ = pairs.map(([c, r], at) =>
    compares[at]!.isText && !exactTexts
      ? `${c} is distinct from ${r} and ${fold(c)} is distinct from ${fold(r)}`
      : `${c} is distinct from ${r}`,
  );
  const text = `reconciled as (
    select c.id as c_id, r.id as r_id, c.import_no as c_import_no, c.line as c_line, r.import_no as r_import_no, r.line as r_line,
           coalesce(c.failed, 0) as failed, case when c.id is null or r.id is null then 0 else ${bits(differ)} end as differs${values}
    from (${rows(customer, '$2', `, ${bits(failed)} as failed`)}) c
    full join (${rows(repository, '$3', '')}) r on r.id = c.id)`;
  return { text, parameters };
}

/** What a class is of the row of a side; the first that holds. */
export const classOf = `case when c_id is null then 'missing_in_customer'
  when failed > 0 then 'not_eligible'
  when r_id is null then 'missing_in_repository'
  when differs > 0 then 'mismatched'
  else 'matched' end`;

function bits(conditions: readonly string[]): string {
  return conditions.map((one, at) => `case when ${one} then ${2 ** at} else 0 end`).join(' + ') || '0';
}

/** As texts are compared: a column that a rule or a comparison names. */
function fold(expression: string): string {
  return `lower(btrim(${expression}))`;
}

const operators = { above: '>', atLeast: '>=', below: '<', atMost: '<=' } as const;

/** @param parameters gets those of the condition */
function conditionOf(
  { column, operator, values }: EligibilityRule,
  exactTexts: boolean,
  parameters: unknown[],
): string {
  const cell = `t.${quote(column)}`;
  if (operator !== 'in' && operator !== 'notIn') {
    parameters.push(values[0]);
    return `${cell} ${operators[operator]} $${parameters.length}::numeric`;
  }
  parameters.push(values);
  const list = `$${parameters.length}::text[]`;
  // The texts as they stand are looked at first: they are nearly all, and need no folding.
  const found = exactTexts
    ? `${cell} = any(${list})`
    : `(${cell} = any(${list}) or ${fold(cell)} = any(array(select ${fold('value')} from unnest(${list}) as given (value))))`;
  return operator === 'in' ? found : `not ${found}`;
}
