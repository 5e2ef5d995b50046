import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeVerification, verifyFile } from '@passbook/cli';
import { makeTestDatabase, newAccountNumber, transactionRow, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
let stem: string;
let accountId: string;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  house = await makeTestHouse(database);
  const account = newAccountNumber();
  const rows = ['10.00', '-2.50', '1234.56'].map((amount, at) =>
    transactionRow({ account, amount, time: `2021-0${at + 1}-05 00:00:00` }),
  );
  const { statements, reportFolder } = await house.importRows(rows);
  accountId = statements[0]!.account.id;
  stem = join(reportFolder, `account-${accountId}`);
});
afterEach(() => house.remove());

const verify = async (ending: string) => (await verifyFile(database, stem + ending))!;

/** Replaces text in the file, as somebody would by hand. */
async function edit(ending: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(stem + ending, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(stem + ending, changed);
}

const differ = async (ending: string) =>
  (await verify(ending)).differences.map(({ figure, place, says, ledgerSays }) => [
    figure.replace(/[0-9a-f-]{36}/, 'ID'),
    place,
    says,
    ledgerSays,
  ]);

test.each(['.json', '.html'])(
  'a statement agrees with the ledger that it was made from (%s)',
  async (ending) => {
    const verification = await verify(ending);
    expect(verification).toMatchObject({ accountId, differences: [], differenceCount: 0, isSameBytes: true });
    expect(describeVerification('a', verification)).toContain('every figure agrees with the ledger');
  },
);

describe('in the JSON is seen', () => {
  test.each<[string, (text: string) => string, unknown[]]>([
    [
      'another closing balance',
      (text) => text.replace('"closingBalance": "1242.06"', '"closingBalance": "1242.07"'),
      ['closingBalance', 'file', '1242.07', '1242.06'],
    ],
    [
      'an average where there is none',
      (text) => text.replace('"averageCredit": null', '"averageCredit": "1.00"'),
      ['months[2021-02].averageCredit', 'file', '1.00', 'null'],
    ],
    [
      'another amount',
      (text) => text.replace('"amount":"-2.50"', '"amount":"-2.05"'),
      ['transactions[ID].amount', 'file', '-2.05', '-2.50'],
    ],
    [
      'another name',
      (text) => text.replace(/"name": "[^"]*"/, '"name": "Somebody Else"'),
      ['client.name', 'file', 'Somebody Else', expect.stringMatching(/^(?!Somebody Else)/)],
    ],
    [
      'a figure more',
      (text) => text.replace('"closingBalance"', '"fee": "1.00",\n  "closingBalance"'),
      ['fee', 'file', '1.00', null],
    ],
  ])('%s', async (_what, change, difference) => {
    await edit('.json', change);
    expect(await differ('.json')).toEqual([difference]);
    expect((await verify('.json')).isSameBytes).toBe(false);
  });

  test('a row that was removed', async () => {
    await edit('.json', (text) => text.replace(/\n {4}\{[^}]*"-2.50"\},/, ''));
    expect(await differ('.json')).toEqual([
      ['transactions[ID]', 'file', null, expect.stringMatching(/"amount":"-2.50"/)],
    ]);
  });

  test('a row that was repeated', async () => {
    await edit('.json', (text) => text.replace(/(\n {4}\{[^}]*"-2.50"\},)/, '$1$1'));
    expect(await differ('.json')).toEqual([['transactions[ID]', 'file', 'there twice', 'there once']]);
  });

  test('a row that was never posted', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    await edit('.json', (text) =>
      text.replace('"transactions": [', `"transactions": [{"id":"${id}","occurredAt":"","amount":"1.00"},`),
    );
    expect(await differ('.json')).toEqual([
      ['transactions[ID]', 'file', expect.stringMatching(/"amount":"1.00"/), null],
    ]);
  });

  test('that only its form was changed', async () => {
    await edit('.json', (text) => JSON.stringify(JSON.parse(text)));
    const verification = await verify('.json');
    expect(verification).toMatchObject({ differenceCount: 0, isSameBytes: false });
    expect(describeVerification('a', verification)).toContain('has not the bytes');
  });
});

describe('on the page is seen', () => {
  test('a row that was changed', async () => {
    // The amount stands in the row, and in the sums and the average of its month, too.
    await edit('.html', (text) => {
      const at = text.lastIndexOf('$2.50');
      return `${text.slice(0, at)}$2.05${text.slice(at + '$2.50'.length)}`;
    });
    const [difference, ...others] = await differ('.html');
    expect(others).toEqual([]);
    expect(difference![2]).toEqual(expect.stringMatching(/\$2\.05/));
    expect(difference![3]).toEqual(expect.stringMatching(/\$2\.50/));
  });

  test('what no reader sees', async () => {
    await edit('.html', (text) => text.replace('<html', '<html data-x'));
    expect(await verify('.html')).toMatchObject({ differenceCount: 0, isSameBytes: false });
  });
});

describe('a ledger that was changed by hand is seen', () => {
  const setAmount = (): Promise<unknown> =>
    database.query(
      'update transactions set amount_minor = -205 where account_id = $1 and amount_minor = -250',
      [accountId],
    );

  test('in a transaction, by the JSON and by what is stored beside it', async () => {
    await setAmount();
    const differences = await differ('.json');
    for (const difference of [
      ['transactions[ID].amount', 'file', '-2.50', '-2.05'],
      ['totalDebits', 'file', '-2.50', '-2.05'],
      ['months[2021-02].debits', 'file', '-2.50', '-2.05'],
      ['totalDebits', 'import_accounts', '-2.50', '-2.05'],
      ['totalDebits', 'reports', '-2.50', '-2.05'],
    ])
      expect(differences).toContainEqual(difference);
  });

  test('in a transaction, by the page', async () => {
    await setAmount();
    const { differences, isSameBytes } = await verify('.html');
    expect(isSameBytes).toBe(false);
    expect(differences.filter(({ place }) => place === 'file').length).toBeGreaterThan(0);
  });

  test('in the sums of the import', async () => {
    await database.query('update import_accounts set credit_count = 7 where account_id = $1', [accountId]);
    expect(await differ('.json')).toEqual([['creditCount', 'import_accounts', '7', '2']]);
  });

  test('in the closing balance that is stored', async () => {
    await database.query(
      `update reports set snapshot = snapshot || '{"closing": "1"}' where account_id = $1`,
      [accountId],
    );
    expect(await differ('.json')).toContainEqual(['closingBalance', 'file', '1242.06', '0.01']);
  });
});

describe('of another version of the template', () => {
  beforeEach(() =>
    database.query('update reports set template_version = template_version - 1 where account_id = $1', [
      accountId,
    ]),
  );

  test('the JSON is compared figure by figure, and its bytes are not', async () => {
    expect(await verify('.json')).toMatchObject({ differenceCount: 0, isSameBytes: null });
    await edit('.json', (text) => text.replace('"totalDebits": "-2.50"', '"totalDebits": "-2.05"'));
    expect(await differ('.json')).toEqual([['totalDebits', 'file', '-2.05', '-2.50']]);
  });

  test('the page must show the balances and totals', async () => {
    const verification = await verify('.html');
    expect(verification).toMatchObject({ differenceCount: 0, isSameBytes: null });
    expect(describeVerification('a', verification)).toContain('another version');
    await edit('.html', (text) => text.replaceAll('$1,242.06', '$1,242.07'));
    expect(await differ('.html')).toEqual([['closingBalance', 'file', null, '$1,242.06']]);
  });
});

describe('nothing is known of', () => {
  test('a statement of an account that the ledger has not', async () => {
    await edit('.json', (text) => text.replace(/"id": "\d+"/, '"id": "999999999"'));
    expect(await verifyFile(database, `${stem}.json`)).toBeNull();
  });

  test.each(['', '{}', 'null', '<!doctype html>', '{"import":{"id":"x"},"account":{"id":"y"}}'])(
    'a file that is no statement: %j',
    async (text) => {
      const path = join(house.path, 'a.json');
      await writeFile(path, text);
      expect(await verifyFile(database, path)).toBeNull();
    },
  );

  test('a file that is not there, and the message says so', async () => {
    await expect(verifyFile(database, join(house.path, 'none.json'))).rejects.toThrow(
      /none\.json cannot be read/,
    );
  });
});
