import { literal, quote, tableOf } from '../declared/feed-table.js';
import { describeRule } from './describe-rule.js';
import type { EligibilityRule, Reconciliation } from './reconciliation-definition.js';
import type { ReconciliationSnapshot } from './snapshot.js';

/*
 * Both sides beside one another, as one set: a full join by the key, of the rows of all loads that count. What a row breaks and
 * in what it differs are bits of a number, so that a handful of groups says all there is to count.
 */

/**
 * `reconciled`, for a `with`: `c_…` and `r_…` are of the rows of the two sides, null where there is none; `failed` has a bit for
 * each rule that the customer's row breaks, `differs` one for each column that does. It has no parameters: COPY takes none.
 */
export function reconciledRows({ reconciliation, newestLoad }: ReconciliationSnapshot): string {
  const { customer, repository, compares, rules, exactTexts } = reconciliation;
  const failed = bits(rules.map((rule) => `not coalesce(${conditionOf(rule, exactTexts)}, false)`));
  const rows = ({ feed, key }: Reconciliation['customer'], more = ''): string =>
    `select t.${quote(key)} as id, t.import_no, t.line${compares.map(({ name }, at) => `, t.${quote(name)} as v_${at}`).join('')}${more}
     from ${quote(tableOf(feed))} t
     where t.import_no in (
       select import_no from feed_loads where feed = ${literal(feed)} and no <= ${literal(newestLoad)}::bigint)`;
  const pairs = compares.map((_, at) => [`c.v_${at}`, `r.v_${at}`] as const);
  const values = pairs.map(([c, r], at) => `, ${c} as c_${at}, ${r} as r_${at}`).join('');
  const differs = bits(
    pairs.map(([c, r], at) =>
      compares[at]!.isText && !exactTexts
        ? `${c} is distinct from ${r} and ${fold(c)} is distinct from ${fold(r)}`
        : `${c} is distinct from ${r}`,
    ),
  );
  return `reconciled as (
    select c.id as c_id, r.id as r_id, c.import_no as c_import_no, c.line as c_line, r.import_no as r_import_no, r.line as r_line,
           coalesce(c.failed, 0) as failed, case when c.id is null or r.id is null then 0 else ${differs} end as differs${values}
    from (${rows(customer, `, ${failed} as failed`)}) c
    full join (${rows(repository)}) r on r.id = c.id)`;
}

/** Classes of what is to be looked into, in the order in which it is listed. */
const discrepancyClasses = ['mismatched', 'missing_in_repository', 'missing_in_customer', 'not_eligible'];

/**
 * All discrepancies, by class and id, for COPY. None of the cells is a formula to a spreadsheet. A line is that of the file; what
 * came over HTTP has neither.
 */
export function selectDiscrepancies(snapshot: ReconciliationSnapshot): string {
  const { compares, rules } = snapshot.reconciliation;
  const names = compares.map(({ name }) => name);
  const values = compares.map(({ name, isText }, at) => {
    const cell = (side: 'c' | 'r'): string => (isText ? guard(`${side}_${at}`) : `${side}_${at}::text`);
    return `${cell('c')} as ${quote(`customer_${name}`)}, ${cell('r')} as ${quote(`repository_${name}`)}`;
  });
  const place = (side: 'c' | 'r', name: string): string =>
    `${guard(`${side}i.file_name`)} as ${name}_file, case when ${side}_import_no > 0 then ${side}_line end as ${name}_line`;
  const id = 'coalesce(c_id, r_id)::text';
  return `with ${reconciledRows(snapshot)}
    select ${guard(id)} as id, (array[${discrepancyClasses.map(literal).join(', ')}])[class] as class,
           case when class = 1 then ${namesOf(names, 'differs', ' ')} end as differs,
           ${namesOf(rules.map(describeRule), 'failed', '; ')} as excluded_by, ${values.join(', ')},
           ${place('c', 'customer')}, ${place('r', 'repository')}
    from (select *, case when c_id is null then 3 when failed > 0 then 4 when r_id is null then 2 else 1 end as class
          from reconciled
          where c_id is null or (r_id is null and failed = 0) or (r_id is not null and failed + differs > 0)) as found
    left join imports ci on ci.no = c_import_no
    left join imports ri on ri.no = r_import_no
    order by found.class, ${id} collate "C"`;
}

function bits(conditions: readonly string[]): string {
  return conditions.map((one, at) => `case when ${one} then ${2 ** at} else 0 end`).join(' + ') || '0';
}

/** The names whose bits are set; null when none is. */
function namesOf(names: readonly string[], bitsOf: string, separator: string): string {
  if (names.length === 0) return 'null';
  const set = names.map((name, at) => `case when ${bitsOf} & ${2 ** at} > 0 then ${literal(name)} end`);
  return `nullif(concat_ws(${literal(separator)}, ${set.join(', ')}), '')`;
}

/** As texts are compared. */
function fold(expression: string): string {
  return `lower(btrim(${expression}))`;
}

/** What `guardCell` does. The first character says of nearly all texts that they are no formula. */
function guard(text: string): string {
  return String.raw`case when left(${text}, 1) in ('''', '=', '+', '-', '@', E'\t', E'\r')
    and ${text} ~ E'^\'*[=+\\-@\t\r]' and ${text} !~ '^[+-]?[0-9]+([.][0-9]+)?$' then '''' || ${text} else ${text} end`;
}

const operators = { above: '>', atLeast: '>=', below: '<', atMost: '<=' } as const;

function conditionOf({ column, operator, values }: EligibilityRule, exactTexts: boolean): string {
  const cell = `t.${quote(column)}`;
  if (operator !== 'in' && operator !== 'notIn')
    return `${cell} ${operators[operator]} ${literal(values[0]!)}::numeric`;
  const list = values.map(literal).join(', ');
  const folded = values.map((value) => fold(literal(value))).join(', ');
  // The texts as they stand are looked at first: they are nearly all, and need no folding.
  const found = exactTexts
    ? `${cell} in (${list})`
    : `(${cell} in (${list}) or ${fold(cell)} in (${folded}))`;
  return operator === 'in' ? found : `not ${found}`;
}
