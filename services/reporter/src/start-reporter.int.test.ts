import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeInProcessBus } from '@passbook/bus';
import { makeFeeds, type Feed } from '@passbook/feeds';
import { countDueReports, type DueReport } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import {
  beginImport,
  makeTestDatabase,
  makeTestFolder,
  transactionRow,
  transactionsFile,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { startReporter, type Reporter } from './start-reporter.js';

const transactions = makeFeeds({ accountNumberKey: 'a key that only these tests have' })[0]!;

let database: TestDatabase;
let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let failures: unknown[];
beforeEach(async () => {
  database = await makeTestDatabase();
  folder = await makeTestFolder();
  failures = [];
});
afterEach(async () => {
  await database.drop();
  await folder.remove();
});

/** An import with so many statements due, and its index. @returns its number */
async function makeDue(statements: number): Promise<number> {
  const { one } = await beginImport(database, transactions, transactionsFile([transactionRow()]));
  await database.query(
    `insert into reports (import_no, account_id, snapshot, template_version)
     select $1::integer, account, '{}'::jsonb, 1 from generate_series(1, $2::integer) account
     union all select $1, null, '{}', 1`,
    [one.no, statements],
  );
  return one.no;
}

/** A reporter whose feed renders as it is told here. */
function start(render: Feed['render']): Promise<Reporter> {
  return startReporter({
    database,
    bus: makeInProcessBus(),
    feeds: [{ ...transactions, render }],
    reportsFolder: folder.path,
    mail: null,
    sending: null,
    log: makeLogger('silent'),
    onFailure: (err) => void failures.push(err),
  });
}

const isIndex = (reports: readonly DueReport[]): boolean => reports.some((one) => one.accountId === null);

test('two claims are rendered at the same time, each report once, and the index after both', async () => {
  const importNo = await makeDue(1_500);
  const rendered: bigint[] = [];
  let begun = 0;
  let ended = 0;
  const endedBeforeIndex: number[] = [];
  const reporter = await start(async (_database, reports) => {
    rendered.push(...reports.map((one) => one.no));
    if (isIndex(reports)) return void endedBeforeIndex.push(ended);
    begun += 1;
    await until('the other is being rendered, too', () => begun === 2);
    ended += 1;
  });
  await until('all are done', async () => (await countDueReports(database, importNo)) === 0);
  await reporter.stop();
  expect(failures).toEqual([]);
  expect(rendered).toHaveLength(1_501);
  expect(new Set(rendered).size).toBe(1_501);
  expect(endedBeforeIndex).toEqual([2]);
});

test('when it stops, both give back what they have not rendered', async () => {
  await makeDue(1_500);
  let begun = 0;
  const reporter = await start((_database, _reports, _folder, _mail, signal) => {
    begun += 1;
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  await until('two claims are being rendered', () => begun === 2);
  await reporter.stop();
  const { rows } = await database.query(
    `select count(*)::integer as due, count(lease_token)::integer as held from reports where state = 'due'`,
  );
  expect([rows, failures]).toEqual([[{ due: 1_501, held: 0 }], []]);
});
