import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkRun } from '@passbook/checker';
import { makeFinishedRun, type FinishedRun, type Run } from './make-finished-run.js';

/* The checker finds each thing that is made wrong in the database. */

let finished: FinishedRun;
beforeAll(async () => {
  finished = await makeFinishedRun();
});
afterAll(() => finished.remove());

const sql =
  (statement: string) =>
  ({ database }: Run): Promise<unknown> =>
    database.query(statement);
type Corruption = [what: string, corrupt: (run: Run) => Promise<unknown>, finding: RegExp];

const corruptions: Corruption[] = [
  [
    'a row that is lost',
    sql('delete from transactions where import_no = 2 and line = 4'),
    /^ledger: line 4 of second.csv \(account …0001\) is not in the ledger/,
  ],
  [
    'a row that is there twice',
    sql(
      `insert into transactions select account_id, import_no, gen_random_uuid(), occurred_at, amount_minor, line from transactions where import_no = 1 and line = 2`,
    ),
    /^ledger: line 2 of first.csv is posted with another id/,
  ],
  [
    'a row from nowhere',
    sql(
      `insert into transactions select account_id, import_no, gen_random_uuid(), occurred_at, amount_minor, 99 from transactions where import_no = 1 and line = 2`,
    ),
    /^ledger: the transaction .* of import 1, line 99 is of no line/,
  ],
  [
    'an amount that is not that of the row',
    sql('update transactions set amount_minor = amount_minor + 1 where import_no = 1 and line = 2'),
    /^ledger: line 2 of first.csv is posted with another time or amount/,
  ],
  [
    'a time off by a microsecond',
    sql(
      `update transactions set occurred_at = occurred_at + interval '1 microsecond' where import_no = 1 and line = 2`,
    ),
    /^ledger: line 2 of first.csv is posted with another time or amount/,
  ],
  [
    'a row in another account',
    sql(
      'update transactions set account_id = (select max(id) from accounts) where import_no = 1 and line = 4',
    ),
    /^ledger: line 4 of first.csv is posted to another account/,
  ],
  [
    'a balance',
    sql("update accounts set balance_minor = balance_minor - 1 where number_last4 = '0019'"),
    /^balances: that of the account …0019/,
  ],
  [
    'an account from nowhere',
    sql(
      `insert into accounts (client_id, number_hash, currency) select client_id, sha256('x'), 'USD' from accounts limit 1`,
    ),
    /^accounts: the account \d+ .* is of no row/,
  ],
  [
    'a holder that no row names',
    sql(`update clients set email = 'else@example.com' where first_name = 'Ann'`),
    /^accounts: the holder of the account …/,
  ],
  [
    'a month',
    sql(
      'update account_years set figures[8] = figures[8] - 1 where year = 2021 and figures[5] + figures[7] > 0',
    ),
    /^months: 2021-02 of the account …0001/,
  ],
  [
    'a month that is lost',
    sql(`update account_years set figures[13:16] = '{0,0,0,0}' where year = 2021`),
    /^months: 1 of accounts/,
  ],
  [
    'the sums of an import',
    sql('update import_accounts set credit_count = credit_count + 1 where import_no = 2'),
    /^sums of imports: those of second.csv and the account …/,
  ],
  [
    'the share of an account that is lost',
    sql('delete from import_accounts where import_no = 2'),
    /^sums of imports: 2 of accounts/,
  ],
  [
    'counts that foot, and are wrong',
    sql('update imports set rows_posted = rows_posted - 1, rows_duplicate = rows_duplicate + 1 where no = 2'),
    /^counts: rows_posted of second.csv is 1, and must be 2/,
  ],
  [
    'contradictions',
    sql('update imports set contradictions = contradictions + 1 where no = 1'),
    /^counts: contradictions of first.csv is 2, and must be 1/,
  ],
  [
    'a chunk that was not loaded',
    sql('delete from loaded_chunks where import_no = 1 and chunk_no = 1'),
    /^counts: chunks_sent of first.csv/,
  ],
  [
    'an exception that is lost',
    sql('delete from import_exceptions where import_no = 1 and line = 10'),
    /^exceptions: line 10 of first.csv is a duplicate, and has none/,
  ],
  [
    'an exception of a posted row',
    sql(`insert into import_exceptions values (1, 2, 'duplicate', '[{"code":"DUPLICATE","message":"m"}]')`),
    /^exceptions: that of line 2 of first.csv is duplicate DUPLICATE, and must be none/,
  ],
  [
    'a duplicate that is called a conflict',
    sql(`update import_exceptions set status = 'quarantined' where status = 'duplicate' and import_no = 2`),
    /^exceptions: that of line 2 of second.csv is quarantined DUPLICATE, and must be duplicate/,
  ],
  [
    'a fault that repeats an account number',
    sql(
      `update import_exceptions set faults = '[{"code":"TYPE_DATE","message":"of 9999-0000-0000-0019"}]' where import_no = 1 and line = 8`,
    ),
    /^numbers: the column faults of import_exceptions holds that of account …0019/,
  ],
  [
    'a dead letter with an account number',
    sql(
      `insert into dead_letters (topic, partition, "offset", key, headers, value, reason) values ('t', 0, '0', '', '{}', 'é 9999000000000027', '')`,
    ),
    /^numbers: the column value of dead_letters holds that of account …0027/,
  ],
  [
    'an import that is not over',
    sql(`update imports set state = 'stopped' where no = 2`),
    /^imports: the import of second.csv is stopped/,
  ],
  [
    'an import of what nobody dropped',
    sql(`update imports set sha256 = 'x' where no = 2`),
    /^imports: import 2 \(second.csv\) is of bytes that nobody dropped/,
  ],
  [
    'a drop that is not done',
    sql(`update drops set state = 'moving' where import_no = 2`),
    /^drops: the drop of second.csv is still moving/,
  ],
  [
    'a drop that is there twice',
    sql(
      `insert into drops (import_no, path, stays, copy_name, final_name, state) select import_no, path, stays, copy_name, 'other.csv', state from drops where import_no = 2`,
    ),
    /^drops: second.csv was dropped 1 times, and recorded 2 times/,
  ],
  [
    'a report that is due',
    sql(`update reports set state = 'due' where import_no = 2 and account_id is not null`),
    /^reports: the statement of account \d+ of second.csv is due/,
  ],
  [
    'a lease',
    sql('update imports set lease_token = gen_random_uuid() where no = 1'),
    /^left over: the lease on the import of first.csv/,
  ],
  ['an advisory lock', sql('select pg_advisory_lock(4711)'), /^left over: the advisory lock 0, 4711/],
];

describe('is found:', () => {
  test.each(corruptions)('%s', async (_, corrupt, finding) =>
    finished.withCopy(async (run) => {
      await corrupt(run);
      const { findings } = await checkRun(run.input);
      expect(findings).toContainEqual(expect.stringMatching(finding));
    }),
  );
});
