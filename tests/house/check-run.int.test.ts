import { rm, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkRun, type Verdict } from '@passbook/checker';
import { transactionsHeader } from '@passbook/testing';
import { cy, makeFinishedRun, rowOf, type FinishedRun, type Run } from './make-finished-run.js';

/* The checker finds nothing wrong with what the product does, and finds each thing that is made wrong in the folders. */

let finished: FinishedRun;
beforeAll(async () => {
  finished = await makeFinishedRun();
});
afterAll(() => finished.remove());

describe('a run with duplicates, conflicts, bad rows, a repeated and a refused file', () => {
  test('is as it must be', () =>
    finished.withCopy(async ({ input }) => {
      const { findings, figures } = await checkRun(input);
      expect(findings).toEqual([]);
      expect(figures).toMatchObject({
        filesDropped: 5,
        imports: 4,
        refused: 1,
        accounts: 3,
        rowsRead: 16,
        rowsPosted: 7,
        rowsDuplicate: 3,
        rowsQuarantined: 6,
        statements: 4,
      });
    }));

  test('has a hash of its ledger that contradicted rows are no part of', () =>
    finished.withCopy(async ({ database, input }) => {
      const hashOf = async (): Promise<string> => (await checkRun(input)).ledgerHash;
      const before = await hashOf();
      // Of the two rows with id 3, the other one could have been the first; id 8 has only one.
      await database.query(
        `update transactions set import_no = 2, line = 3, occurred_at = '2021-02-01 10:00Z'
         where import_no = 1 and line = 4`,
      );
      expect(await hashOf()).toBe(before);
      await database.query('delete from transactions where import_no = 2 and line = 4');
      expect(await hashOf()).not.toBe(before);
    }));

  test('may lack a file that was replaced or deleted, and no other', () =>
    finished.withCopy(async ({ folder, input }) => {
      const path = join(folder, 'kept', 'gone.csv');
      await writeFile(path, `${transactionsHeader}\n${rowOf(cy, 9, '2021-01-01 00:00:00', '1')}\n`);
      const check = (mayVanish: boolean): Promise<Verdict> =>
        checkRun({ ...input, dropped: [...input.dropped, { name: 'gone.csv', path, mayVanish }] });
      expect((await check(true)).findings).toEqual([]);
      expect((await check(false)).findings).toEqual([expect.stringContaining('gone.csv')]);
    }));
});

const write =
  (name: string, text: string) =>
  ({ folder }: Run): Promise<unknown> =>
    writeFile(join(folder, name), text);
const remove =
  (name: string) =>
  ({ folder }: Run): Promise<unknown> =>
    rm(join(folder, name));
const edit =
  (name: string, change: (text: string) => string) =>
  async ({ folder }: Run): Promise<unknown> => {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    expect(change(text)).not.toBe(text);
    return writeFile(path, change(text));
  };
/** Changes the text of a mail, in which it is encoded. */
const editMail = (name: string, change: (text: string) => string) =>
  edit(name, (eml) =>
    eml.replace(
      /(Content-Type: text\/plain[^]*?\r\n\r\n)([A-Za-z0-9+/=\r\n]+)(\r\n--)/,
      (_part, head: string, body: string, end: string) =>
        head + Buffer.from(change(Buffer.from(body, 'base64').toString())).toString('base64') + end,
    ),
  );
/** A file in the report folder of first.csv; `ann` stands for the id of the account. */
const ofReports =
  (name: string, work: (name: string) => (run: Run) => Promise<unknown>) =>
  async (run: Run): Promise<unknown> => {
    const folders = await readdir(join(run.folder, 'reports'));
    const folder = join(
      'reports',
      folders.find((one) => one.startsWith('first-'))!,
    );
    const { rows } = await run.database.query<{ id: bigint }>(
      `select id from accounts where number_last4 = '0001'`,
    );
    return work(join(folder, name.replace('ann', String(rows[0]!.id))))(run);
  };

type Corruption = [what: string, corrupt: (run: Run) => Promise<unknown>, finding: RegExp];

const corruptions: Corruption[] = [
  [
    'a processed file that is lost',
    remove('processed/second.csv'),
    /^processed: second.csv, .* is not there/,
  ],
  [
    'a processed file with another byte',
    edit('processed/second.csv', (text) => text.replace('2.25', '2.26')),
    /^processed: second.csv has not the bytes/,
  ],
  ['a processed file that nobody dropped', write('processed/more.csv', ''), /^processed: more.csv is there/],
  [
    'a receipt that is lost',
    remove('processed/second.csv.receipt.json'),
    /^processed: second.csv.receipt.json is not there/,
  ],
  [
    'a receipt with another count',
    edit('processed/second.csv.receipt.json', (text) => text.replace('"rowsPosted": 2', '"rowsPosted": 3')),
    /^receipts: that of second.csv has rowsPosted 3/,
  ],
  [
    'a repeated file that claims its rows',
    edit('processed/first again.csv.receipt.json', (text) =>
      text.replace('"rowsPosted": 0', '"rowsPosted": 5'),
    ),
    /^receipts: that of first again.csv has rowsPosted 5, and must have 0/,
  ],
  [
    'a temporary file',
    write('processed/.passbook-1.tmp', ''),
    /^left over: .passbook-1.tmp is still in processed/,
  ],
  ['a private copy', write('imports/.claimed/1', ''), /^left over: the private copy 1/],
  ['a file that was not taken', write('imports/more.csv', ''), /^left over: more.csv is still in imports/],
  [
    'a refused file that is lost',
    remove('quarantine/refused.csv'),
    /^quarantine: refused.csv, .* is not there/,
  ],
  [
    'a bad row that is lost',
    edit('quarantine/first.csv.rows.csv', (text) => text.split('\r\n').toSpliced(1, 1).join('\r\n')),
    /^rows.csv: first.csv.rows.csv has 4 rows, and must have 5/,
  ],
  [
    'a bad row with another cell',
    edit('quarantine/first.csv.rows.csv', (text) => text.replace('=1+1', '=1+2')),
    /^rows.csv: row 5 of first.csv.rows.csv has not the cells of line 14/,
  ],
  [
    'a statement that is lost',
    ofReports('account-ann.html', remove),
    /^reports: first-.*\/account-\d+.html is not there/,
  ],
  [
    'a statement too many',
    ofReports('account-99.html', (name) => write(name, '</html>')),
    /^reports: first-.*\/account-99.html is there/,
  ],
  ['a folder too many', ({ folder }) => mkdir(join(folder, 'reports', 'more')), /^reports: more is there/],
  [
    'a closing balance',
    ofReports('account-ann.json', (name) =>
      edit(name, (text) => text.replace('"closingBalance": "66.66"', '"closingBalance": "66.67"')),
    ),
    /^statements: first-.* its balances are not apart/,
  ],
  [
    'both balances',
    ofReports('account-ann.json', (name) =>
      edit(name, (text) =>
        text
          .replace('"openingBalance": "0.00"', '"openingBalance": "1.00"')
          .replace('"closingBalance": "66.66"', '"closingBalance": "67.66"'),
      ),
    ),
    /^statements: first-.* does not close with what was posted/,
  ],
  [
    'an average',
    ofReports('account-ann.json', (name) => edit(name, (text) => text.replace('"-16.67"', '"-16.66"'))),
    /^statements: first-.* has another averageDebit/,
  ],
  [
    'a page that is cut off',
    ofReports('account-ann.html', (name) => edit(name, (text) => text.slice(0, -20))),
    /^statements: first-.*account-\d+.html is not whole/,
  ],
  [
    'a page with another balance',
    ofReports('account-ann.html', (name) => edit(name, (text) => text.replaceAll('66.66', '66.67'))),
    /^statements: first-.*account-\d+.html does not say \$66.66/,
  ],
  [
    'a page with an account number',
    ofReports('account-ann.html', (name) =>
      edit(name, (text) => text.replace('</html>', '9999 0000 0000 0001</html>')),
    ),
    /^numbers: first-.*account-\d+.html holds that of account …0001/,
  ],
  [
    'a mail that is lost',
    ofReports('account-ann.eml', remove),
    /^reports: first-.*\/account-\d+.eml is not there/,
  ],
  [
    'a mail with another figure',
    ofReports('account-ann.eml', (name) => editMail(name, (text) => text.replaceAll('66.66', '66.67'))),
    /^statements: first-.*account-\d+.eml does not say \$66.66/,
  ],
  [
    'a mail with an account number',
    ofReports('account-ann.eml', (name) => editMail(name, (text) => `${text}9999 0000 0000 0001`)),
    /^numbers: first-.*account-\d+.eml holds that of account …0001/,
  ],
  [
    'a log with an account number',
    ({ folder }) => writeFile(join(folder, 'log'), `${'x'.repeat(1024 * 1024 - 8)}99999000000000027`),
    /^numbers: the log holds that of account …0027/,
  ],
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
