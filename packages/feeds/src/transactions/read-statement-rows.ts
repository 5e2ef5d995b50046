import type { Database, Transaction } from '@passbook/database';
import type { StatementTransaction } from './statement-figures.js';

/*
 * Rows come as text, many in one value: to take a row of four columns apart costs pg more than all that becomes
 * of it. One is `9eedccfe-83fa-4166-b8ad-9b72b0e5f1df -1255 2021-01-31T23:30:00.5Z`; sessions have the time zone UTC.
 */
const ROW_TEXT = `id || ' ' || amount_minor || ' ' || replace(replace(occurred_at::text, ' ', 'T'), '+00', 'Z')`;
const ORDER = 'occurred_at desc, id';
const ID_CHARS = 36;

/** Rows of one fetch from an account that does not fit into memory. */
const ROWS_PER_FETCH = 1_000;

export interface AccountRows {
  accountId: bigint;
  /** Newest first. */
  rows: StatementTransaction[];
}

/**
 * What the import posted to these accounts, all of which is in memory at once. Each account is looked up by itself: of a
 * table that has just been filled Postgres knows too little to see that all of them together are a small part of it.
 */
export async function* readRowsOfAccounts(
  database: Database,
  importNo: number,
  accountIds: readonly bigint[],
): AsyncGenerator<AccountRows> {
  const { rows } = await database.query<{ accountId: bigint; texts: string }>(
    `select a.account_id as "accountId", t.texts
     from unnest($1::bigint[]) as a (account_id) cross join lateral (
       select string_agg(${ROW_TEXT}, E'\\n' order by ${ORDER}) as texts
       from transactions where account_id = a.account_id and import_no = $2) t
     where t.texts is not null`,
    [accountIds, importNo],
  );
  for (const { accountId, texts } of rows) yield { accountId, rows: texts.split('\n').map(parseRow) };
}

/** What the import posted to one account, a part at a time, newest first. */
export async function* readRowsOfAccount(
  trx: Transaction,
  importNo: number,
  accountId: bigint,
): AsyncGenerator<StatementTransaction[]> {
  await trx.query(
    `declare statement_rows no scroll cursor for
     select ${ROW_TEXT} as text from transactions where account_id = $1 and import_no = $2 order by ${ORDER}`,
    [accountId, importNo],
  );
  for (;;) {
    const { rows } = await trx.query<{ text: string }>(`fetch ${ROWS_PER_FETCH} from statement_rows`);
    if (rows.length === 0) break;
    yield rows.map(({ text }) => parseRow(text));
  }
  await trx.query('close statement_rows');
}

function parseRow(text: string): StatementTransaction {
  const amountEnd = text.indexOf(' ', ID_CHARS + 1);
  return {
    id: text.slice(0, ID_CHARS),
    occurredAt: text.slice(amountEnd + 1),
    amountMinor: BigInt(text.slice(ID_CHARS + 1, amountEnd)),
  };
}
