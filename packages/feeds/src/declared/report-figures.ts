import type { Queryable } from '@passbook/database';
import { nameScope, type FeedDefinition, type FeedFigure } from './definition.js';
import { quote, tableOf } from './feed-table.js';

/*
 * The figures of a report. Counts and sums of a load are taken once, when it completes, and kept with it: they add up, so a
 * report over all scopes reads a row for each load, however many rows those have.
 */

/** A figure that is counted in the rows themselves. */
type Counted = Extract<FeedFigure, { value: 'count' | 'sum' }>;

/** Under what name a counted figure is stored: a report that is edited later finds those that it had before. */
function nameFigure(figure: Counted): string {
  if (figure.value === 'sum') return `sum ${figure.column}`;
  return figure.column === undefined ? 'count' : `count ${figure.column} = ${figure.equals}`;
}

function countedOf({ report }: FeedDefinition): Counted[] {
  return (report?.columns ?? []).filter(
    (figure): figure is Counted => figure.value === 'count' || figure.value === 'sum',
  );
}

/** Counts the rows of an import. @returns by name, as decimal text */
export async function countFigures(
  database: Queryable,
  definition: FeedDefinition,
  importNo: number,
): Promise<Record<string, string>> {
  const counted = countedOf(definition);
  if (counted.length === 0) return {};
  const parameters: unknown[] = [importNo];
  const expressions = counted.map((figure, at) => {
    if (figure.value === 'sum') return `coalesce(sum(${quote(figure.column)}), 0)::text as "${at}"`;
    if (figure.column === undefined) return `count(*)::text as "${at}"`;
    parameters.push(figure.equals);
    return `(count(*) filter (where lower(btrim(${quote(figure.column)}::text)) = lower(btrim($${parameters.length}::text))))::text as "${at}"`;
  });
  const { rows } = await database.query<Record<string, string>>(
    `select ${expressions.join(', ')} from ${quote(tableOf(definition.name))} where import_no = $1`,
    parameters,
  );
  return Object.fromEntries(counted.map((figure, at) => [nameFigure(figure), rows[0]![String(at)]!]));
}

/** The rows of the report, a scope each, over all loads that count. */
export async function readReportRows(database: Queryable, definition: FeedDefinition): Promise<string[][]> {
  await countWhatIsMissing(database, definition);
  const figures = definition.report?.columns ?? [];
  const parameters: unknown[] = [definition.name];
  const cells = figures.map((figure, at) => {
    if (figure.value === 'scope') return `scope as "${at}"`;
    if (figure.value === 'invalid') return `sum(rows_read - rows_posted)::text as "${at}"`;
    if (figure.value === 'invalidPercent')
      return `round(coalesce(100.0 * sum(rows_read - rows_posted) / nullif(sum(rows_read), 0), 0), 2)::text as "${at}"`;
    parameters.push(nameFigure(figure));
    return `sum((figures->>$${parameters.length}::text)::numeric)::text as "${at}"`;
  });
  const { rows } = await database.query<Record<string, string>>(
    `select ${cells.join(', ')} from ${validLoads(definition)} group by scope order by scope`,
    parameters,
  );
  return rows.map((row) =>
    figures.map(({ value }, at) => {
      const cell = row[String(at)]!;
      return value === 'scope' ? nameScope(definition, cell) : cell;
    }),
  );
}

/** Of the feed $1: of one that replaces, the current version of each scope. */
function validLoads({ mode }: FeedDefinition): string {
  return mode === 'replace'
    ? `(select l.* from feed_versions v join feed_loads l on l.import_no = v.current where v.feed = $1) as loads`
    : `(select * from feed_loads where feed = $1) as loads`;
}

/** Figures that the report did not have when a load completed. */
async function countWhatIsMissing(database: Queryable, definition: FeedDefinition): Promise<void> {
  const { rows } = await database.query<{ no: number }>(
    `select import_no as no from ${validLoads(definition)} where not figures ?& $2::text[]`,
    [definition.name, countedOf(definition).map(nameFigure)],
  );
  for (const { no } of rows)
    await database.query('update feed_loads set figures = $2 where import_no = $1', [
      no,
      JSON.stringify(await countFigures(database, definition, no)),
    ]);
}
