import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { answerWhy } from '@passbook/cli';
import {
  newAccountNumber,
  transactionRow,
  transactionsFile,
  transactionsHeader,
  type TestDatabase,
} from '@passbook/testing';
import { type TestHouse, useTestHouses } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
useTestHouses((made) => void ({ house, database } = made));

/** What a person who stands in the house's folder is told, a sentence on a line; null: nothing is known. */
async function why(named: string): Promise<string | null> {
  const answer = await answerWhy(database, named, house.config, house.house().feeds);
  return answer && answer.sentences.join('\n');
}

async function drop(name: string, text: string): Promise<void> {
  const path = join(house.config.IMPORTS_DIR, name);
  await writeFile(path, text);
  await house.house().chunker.importFile(path);
}

const oneRow = (): string => transactionsFile([transactionRow()]);

describe('of a file that nobody has taken it says', () => {
  test.each<[string, RegExp]>([
    ['.hidden.csv', /ignored: its name begins with a dot/],
    ['a.tmp', /ignored: its name ends with \.tmp/],
    ['a.csv.PART', /ignored: its name ends with \.PART/],
    ['a.csv~', /ignored: its name ends with ~/],
    ['.passbook-1.dropped', /ignored: it is Passbook's own/],
  ])('that it is ignored, and why: %s', async (name, reason) => {
    await writeFile(join(house.config.IMPORTS_DIR, name), oneRow());
    expect(await why(`imports/${name}`)).toEqual(expect.stringMatching(reason));
    expect(await why(name)).toEqual(expect.stringMatching(reason));
  });

  test('that folders, what is in them, symbolic links and FIFOs are ignored', async () => {
    const { IMPORTS_DIR } = house.config;
    await mkdir(join(IMPORTS_DIR, 'folder'));
    await writeFile(join(IMPORTS_DIR, 'folder/inside.csv'), oneRow());
    await writeFile(join(house.path, 'target.csv'), oneRow());
    await symlink('../target.csv', join(IMPORTS_DIR, 'link.csv'));
    execFileSync('mkfifo', [join(IMPORTS_DIR, 'fifo.csv')]);
    expect(await why('imports/folder')).toContain('it is a folder');
    expect(await why('imports/folder/inside.csv')).toContain('it lies in a folder inside');
    expect(await why('link.csv')).toContain('it is a symbolic link');
    expect(await why('fifo.csv')).toContain('it is a FIFO');
  });

  test('that it waits until it does not change any more', async () => {
    await writeFile(join(house.config.IMPORTS_DIR, 'new.csv'), oneRow());
    expect(await why('new.csv')).toEqual(
      expect.stringMatching(/^imports\/new\.csv waits to be taken: .* 0\.05 s \(0\.25 s if/),
    );
  });

  test('nothing, when it lies elsewhere or nowhere', async () => {
    await writeFile(join(house.path, 'elsewhere.csv'), oneRow());
    expect(await why('elsewhere.csv')).toBeNull();
    expect(await why('nowhere.csv')).toBeNull();
    expect(await why('nowhere.csv:3')).toBeNull();
    expect(await answerWhy(null, 'nowhere.csv', house.config, [])).toBeNull();
  });
});

describe('an imported file is found', () => {
  const text = oneRow();
  const story =
    /^mine\.csv was taken from .*\nIt is imported \(import [0-9a-f-]{36}\): 1 rows read = 1 posted/;

  test('where it was dropped, by its name, by its bytes, where it went, and by its receipt', async () => {
    await drop('mine.csv', text);
    await copyFile(join(house.config.PROCESSED_DIR, 'mine.csv'), join(house.path, 'renamed.csv'));
    for (const named of ['imports/mine.csv', 'mine.csv', 'renamed.csv', 'processed/mine.csv']) {
      expect([named, await why(named)]).toEqual([named, expect.stringMatching(story)]);
    }
    const beside = await why('processed/mine.csv.receipt.json');
    expect(beside).toContain('is what Passbook wrote of mine.csv: its receipt');
    expect(beside).toContain('\nIt is imported');
    expect(await why('mine.csv')).toContain(
      'The file is processed/mine.csv; its receipt is processed/mine.csv.receipt.json.',
    );
  });

  test('also when it is gone, and that is said', async () => {
    await drop('gone.csv', oneRow());
    await rm(join(house.config.PROCESSED_DIR, 'gone.csv'));
    expect(await why('gone.csv')).toContain('processed/gone.csv (which is not there any more)');
  });

  test('the newest of several drops of its name, with a word of the others', async () => {
    await drop('often.csv', oneRow());
    await drop('often.csv', `${oneRow()}\n`);
    const told = await why('often.csv');
    expect(told).toContain('One other drop has that name');
    expect(told).toContain('The file is processed/often-2.csv');
    expect(await why('processed/often.csv')).toContain('The file is processed/often.csv;');
  });

  test('as a repetition, when its bytes had been dropped before', async () => {
    await drop('first.csv', text);
    await drop('second.csv', text);
    expect(await why('second.csv')).toContain('The same bytes had been dropped before, as ');
  });

  test('by its name when it was changed since, with a word of that', async () => {
    await drop('changed.csv', oneRow());
    await writeFile(join(house.config.IMPORTS_DIR, 'changed.csv'), oneRow());
    const told = await why('changed.csv');
    expect(told).toContain('imports/changed.csv waits to be taken');
    expect(told).toContain('is not what was dropped under this name before');
    expect(told).toContain('\nIt is imported');
  });
});

describe('the state of an import is told', () => {
  test('refused: code, reason, way out, and where', async () => {
    await drop('refused.csv', 'a,b\n1,2\n');
    const told = await why('refused.csv');
    expect(told).toContain(
      'It was refused (HEADER_MISSING, line 1), and none of its rows was posted: The first line',
    );
    expect(told).toContain(
      'The file is quarantine/refused.csv; the reason is in quarantine/refused.csv.error.json.',
    );
    expect(await why('refused.csv:2')).toContain(
      'Nothing became of line 2: the file was refused as a whole.',
    );
  });

  test.each<[string, string, RegExp]>([
    ['reading', 'chunks_sent = null', /It is being read, or waits for its turn/],
    ['chunked', 'chunks_sent = 7', /All of its 1 rows are read .* 1 of 7 chunks loaded/],
    [
      'stopped',
      "stopped_reason = 'It does not foot.'",
      /Its import is stopped .*\nIt is stopped\. It does not foot\./,
    ],
  ])('%s', async (state, change, sentence) => {
    await drop('state.csv', oneRow());
    await database.query(
      `update imports set state = $1, ${change} where no = (select max(no) from imports)`,
      [state],
    );
    expect(await why('state.csv')).toEqual(expect.stringMatching(sentence));
  });

  test('bad rows and statements, and where they are', async () => {
    await house.importRows([transactionRow(), transactionRow({ amount: 'x' })], 'bad rows.csv');
    const told = await why('processed/bad rows.csv');
    expect(told).toContain('Its bad rows are in quarantine/bad rows.csv.rows.csv, each with its reason');
    expect(told).toEqual(
      expect.stringMatching(/Its statement is listed in reports\/bad rows-\w{8}\/index\.html\.$/),
    );
    expect(await why('quarantine/bad rows.csv.rows.csv:2')).toContain(
      'ask for a line of that file, with the number',
    );
  });
});

test('of a file that is held it says what has to be decided', async () => {
  const format = {
    feed: 'transactions',
    description: 'Leaves the order of day and month to the file.',
    header: ['Card', 'On', 'Sum'],
    columns: {
      account_number: { column: 'Card' },
      transaction_ts: { column: 'On', pattern: '??/??/yyyy' },
      transaction: { column: 'Sum', decimal: '.' },
    },
  };
  const { FORMATS_DIR, IMPORTS_DIR } = house.config;
  await mkdir(FORMATS_DIR, { recursive: true });
  await writeFile(join(FORMATS_DIR, 'open.json'), JSON.stringify(format));
  const path = join(IMPORTS_DIR, 'open.csv');
  await writeFile(path, 'Card,On,Sum\n1234,01/02/2021,5\n');
  await expect(house.house().chunker.importFile(path)).rejects.toThrow();
  expect(await why('open.csv')).toEqual(
    expect.stringMatching(
      /^imports\/open\.csv is held, and nothing of it is posted\. The dates can be read .* Set columns/,
    ),
  );
});

describe('of a line it says', () => {
  const makeTexts = (): { earlier: string; text: string } => {
    const account = newAccountNumber();
    const first = { account, id: randomUUID() };
    const lines = [
      transactionsHeader,
      transactionRow(first),
      transactionRow({ account, first: '"An\nn"' }),
      '',
      transactionRow({ account, amount: 'x', email: 'nobody' }),
      transactionRow(first),
      '',
    ];
    return { earlier: transactionsFile([transactionRow(first)]), text: lines.join('\n') };
  };

  test.each<[number, RegExp]>([
    [1, /^Line 1 is the header\.\n/],
    [
      3,
      /^Line 3 was posted: it is transaction [0-9a-f-]{36} of account \d+, whose number ends in \d{4}\. It is in the statement reports\/lines-\w{8}\/account-\d+\.html\.\n/,
    ],
    [4, /^Line 4 is inside the row that begins on line 3\.\nLine 3 was posted/],
    [5, /^Line 5 is empty/],
    [
      6,
      /^Line 6 was quarantined, column email, EMAIL: .*\nLine 6 was quarantined, column transaction, TYPE_AMOUNT: /,
    ],
    [7, /^Line 7 is a duplicate of line 2 of earlier\.csv \(import /],
    [8, /^Line 8 is beyond the end: the file has 7 lines\.\n/],
  ])('what became of line %d', async (line, sentence) => {
    const { earlier, text } = makeTexts();
    await drop('earlier.csv', earlier);
    await drop('lines.csv', text);
    expect(await why(`lines.csv:${line}`)).toEqual(expect.stringMatching(sentence));
    expect(await why(`lines.csv:${line}`)).toContain('lines.csv was taken from');
  });

  test('what is known without the file', async () => {
    await drop('lost.csv', transactionsFile([transactionRow(), 'x']));
    await rm(join(house.config.PROCESSED_DIR, 'lost.csv'));
    expect(await why('lost.csv:2')).toContain('Line 2 was posted');
    expect(await why('lost.csv:3')).toContain('Line 3 was quarantined');
    expect(await why('lost.csv:9')).toContain('No row begins on line 9. The file is not there any more');
  });

  test('that it is not accounted for yet, while the import is under way', async () => {
    await drop('under way.csv', oneRow());
    await database.query('delete from transactions where import_no = (select max(no) from imports)');
    await database.query(`update imports set state = 'reading' where no = (select max(no) from imports)`);
    expect(await why('under way.csv:2')).toContain('What begins on line 2 is not accounted for yet');
  });

  test('of a file that is packed and has another layout: the lines of its content', async () => {
    await cp('formats', house.config.FORMATS_DIR, { recursive: true });
    const text = await readFile('formats/dkb.sample.csv');
    const path = join(house.config.IMPORTS_DIR, 'bank.csv.gz');
    await writeFile(path, gzipSync(text));
    await house.house().chunker.importFile(path);
    expect(await why('bank.csv.gz:1')).toContain('Line 1 stands before the header: there is no row on it.');
    expect(await why('bank.csv.gz:5')).toContain('Line 5 is the header.');
    expect(await why('bank.csv.gz:6')).toContain('Line 6 was quarantined, ');
    expect(await why('bank.csv.gz:7')).toContain('Line 7 was posted: ');
    expect(await why('bank.csv.gz:12')).toContain('Line 12 is beyond the end: the file has 11 lines.');
  });

  test('of a file whose name holds a colon as well', async () => {
    await drop('a:2', oneRow());
    expect(await why('a:2')).toEqual(expect.stringMatching(/^a:2 was taken from/));
    expect(await why('a:2:2')).toEqual(expect.stringMatching(/^Line 2 was posted/));
  });
});
