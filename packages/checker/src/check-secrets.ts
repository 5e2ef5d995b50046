import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { CheckInput } from './check-input.js';
import type { SettledFiles } from './check-folders.js';
import type { Findings } from './findings.js';
import type { DatabaseView } from './read-database.js';
import type { NumberSearch } from './search-numbers.js';

/** Types that cannot hold a text. The rows with none but them are checked against the files anyway. */
const plainTypes = [
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'boolean', 'uuid', 'date'],
  ...['timestamp with time zone', 'timestamp without time zone'],
];

/** Account numbers are in no table, no receipt and in none of the texts. (Reports are searched where they are checked.) */
export async function checkSecrets(
  findings: Findings,
  input: CheckInput,
  view: DatabaseView,
  settled: SettledFiles,
  numbers: NumberSearch,
): Promise<void> {
  await searchTables(findings, view, numbers);
  for (const { path } of [...settled.receipts, ...settled.errors]) {
    const found = numbers.find(`${basename(path)}\n${readFileSync(path, 'utf8')}`);
    if (found) findings.add('numbers', `${basename(path)} holds that of account …${found}`);
  }
  for (const { name, path } of input.texts) {
    const found = await numbers.findInFile(path);
    if (found) findings.add('numbers', `${name} holds that of account …${found}`);
  }
}

async function searchTables(findings: Findings, view: DatabaseView, numbers: NumberSearch): Promise<void> {
  const columns = await view.list(
    `select table_name, column_name, data_type from information_schema.columns join information_schema.tables
       using (table_catalog, table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name, ordinal_position`,
  );
  const tables = new Map<string, { name: string; sql: string; isWide: boolean }[]>();
  for (const [table, name, type] of columns) {
    if (plainTypes.includes(type!)) continue;
    const isWide = type === 'bytea';
    const quoted = `"${name}"`;
    const sql = `coalesce(${isWide ? `encode(${quoted}, 'escape')` : `${quoted}::text`}, '')`;
    tables.set(table!, [...(tables.get(table!) ?? []), { name: name!, sql, isWide }]);
  }
  for (const [table, searched] of tables) {
    const read = searched.some(({ isWide }) => isWide) ? view.eachWide : view.each;
    await read(`select ${searched.map(({ sql }) => sql).join(', ')} from "${table}"`, (cells) => {
      for (const [at, { name }] of searched.entries()) {
        const found = numbers.find(cells[at]!);
        if (found) findings.add('numbers', `the column ${name} of ${table} holds that of account …${found}`);
      }
    });
  }
}
