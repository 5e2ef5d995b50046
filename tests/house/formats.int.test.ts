import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HeldError } from '@passbook/chunker';
import { makeTestDatabase, until, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
beforeEach(async () => {
  // Of its own for each test: the same sample is a repetition, else.
  database = await makeTestDatabase();
  house = await makeTestHouse(database);
  await cp('formats', house.config.FORMATS_DIR, { recursive: true });
});
afterEach(async () => {
  await house.remove();
  await database.drop();
});

const sample = (name: string): Promise<Buffer> => readFile(join('formats', name));

const readState = async (importId: string): Promise<{ state: string; reason: string } | undefined> => {
  const { rows } = await database.query<{ state: string; reason: string }>(
    `select state, refused_code as reason from imports where id = $1`,
    [importId],
  );
  return rows[0];
};

const readGrowth = async (importId: string): Promise<string> => {
  const { rows } = await database.query<{ at: string }>(
    `select grown_at::text as at from imports where id = $1`,
    [importId],
  );
  return rows[0]!.at;
};

test('the export of a bank becomes a statement, its other rows are handed back', async () => {
  const { receipt, statements } = await house.importText(await sample('dkb.sample.csv'), 'umsaetze.csv');
  expect(receipt).toMatchObject({
    rowsRead: 6,
    rowsPosted: 4,
    rowsQuarantined: 2,
    amountPosted: '2351.90',
    accounts: 1,
  });
  expect(statements).toMatchObject([
    {
      closingBalance: '2351.90',
      account: { last4: '3000', currency: 'EUR', type: null },
      client: { name: 'Account •••• 3000', email: null },
    },
  ]);
});

test('rows that were handed back post when they are mended, in the layout of their file', async () => {
  const { QUARANTINE_DIR } = house.config;
  await house.importText(await sample('dkb.sample.csv'), 'mend.csv');
  const text = await readFile(join(QUARANTINE_DIR, 'mend.csv.rows.csv'), 'utf8');
  // The account stands in the lines before the header.
  expect(text.split('\r\n')[0]).toBe('"Girokonto";"DE89 3704 0044 0532 0130 00"');
  expect(text).toContain(';6;Status;NOT_BOOKED;');
  const mended = text
    .replace('32.01.24', '30.01.24')
    .replace('-1085.00', '-1085,00')
    .replace('Vorgemerkt', 'Gebucht');
  const { receipt, statements } = await house.importText(mended, 'mend.csv.rows.csv');
  expect(receipt).toMatchObject({ rowsRead: 2, rowsPosted: 2, amountPosted: '-1107.00' });
  expect(statements).toMatchObject([{ account: { last4: '3000' } }]);
  const again = await house.importText(`${mended}\r\n`, 'again.csv');
  expect(again.receipt).toMatchObject({ rowsPosted: 0, rowsDuplicate: 2 });
});

test('mended rows of a file in windows-1252 are read as the UTF-8 they are written in', async () => {
  const { QUARANTINE_DIR } = house.config;
  await house.importText(await sample('sparkasse.sample.csv'), 'latin.csv');
  const text = await readFile(join(QUARANTINE_DIR, 'latin.csv.rows.csv'), 'utf8');
  const mended = text
    .replace('Umsatz vorgemerkt', 'Umsatz gebucht')
    .replace('2052', '2051')
    .replace('Buchladen', 'Bücher');
  expect((await house.importText(mended, 'latin.rows.csv')).receipt).toMatchObject({ rowsPosted: 2 });
});

test('windows-1252 is read where the format says so', async () => {
  const { receipt, statements } = await house.importText(await sample('sparkasse.sample.csv'), 'camt.csv');
  expect(receipt).toMatchObject({ rowsRead: 4, rowsPosted: 2, amountPosted: '1245.80' });
  expect(statements).toHaveLength(1);
});

test('the published example has its figures', async () => {
  const { statements } = await house.importText(await sample('stori.sample.csv'), 'stori.csv');
  expect(statements).toMatchObject([
    {
      closingBalance: '39.74',
      averageDebit: '-15.38',
      averageCredit: '35.25',
      months: [
        { month: '2021-07', count: 2 },
        { month: '2021-08', count: 2 },
      ],
    },
  ]);
});

test('an export that overlaps the one before adds nothing twice, and keeps its twins', async () => {
  const header = 'Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit';
  const coffee = (day: number): string => `2024-03-0${day},2024-03-0${day},9876,COFFEE,Dining,4.50,`;
  const first = await house.importText([header, coffee(1), coffee(1), coffee(2), ''].join('\n'));
  const second = await house.importText([header, coffee(1), coffee(1), coffee(2), coffee(3), ''].join('\n'));
  expect(first.receipt).toMatchObject({ rowsPosted: 3, rowsDuplicate: 0 });
  expect(second.receipt).toMatchObject({ rowsPosted: 1, rowsDuplicate: 3, amountPosted: '-4.50' });
  expect(second.statements).toMatchObject([{ closingBalance: '-18.00' }]);
});

test('the account stays out of Postgres, whatever the format takes it from', async () => {
  await house.importText(await sample('dkb.sample.csv'), 'private.csv');
  const { rows } = await database.query<{ text: string }>(`select chunking::text as text from imports`);
  expect(rows.map(({ text }) => text).join('')).not.toMatch(/3704 ?0044/);
});

test('a file that its format does not explain is held, and posted when the format is edited', async () => {
  const { FORMATS_DIR, IMPORTS_DIR, PROCESSED_DIR } = house.config;
  const open = {
    feed: 'transactions',
    description: 'Leaves the order of day and month to the file.',
    header: ['Card', 'On', 'Sum'],
    columns: {
      account_number: { column: 'Card' },
      transaction_ts: { column: 'On', pattern: '??/??/yyyy' },
      transaction: { column: 'Sum', decimal: '.' },
    },
  };
  await writeFile(join(FORMATS_DIR, 'open.json'), JSON.stringify(open));
  await mkdir(IMPORTS_DIR, { recursive: true });
  const path = join(IMPORTS_DIR, 'open.csv');
  await writeFile(path, 'Card,On,Sum\n1234,01/02/2021,5\n');
  const held = await house
    .house()
    .chunker.importFile(path)
    .catch((err: unknown) => err);
  expect(held).toBeInstanceOf(HeldError);
  expect((held as HeldError).hold).toMatchObject({ code: 'AMBIGUOUS_DATE' });
  expect(await readdir(IMPORTS_DIR)).toEqual(['.claimed', 'open.csv']);
  expect(await readdir(join(IMPORTS_DIR, '.claimed'))).toEqual([]);
  const { rows } = await database.query<{ id: string }>(
    `select id from imports where file_name = 'open.csv'`,
  );
  expect(await readState(rows[0]!.id)).toEqual({ state: 'held', reason: 'AMBIGUOUS_DATE' });

  const before = await readGrowth(rows[0]!.id);
  house.house().chunker.watch();
  await until('it is looked at again', async () => (await readGrowth(rows[0]!.id)) !== before);
  open.columns.transaction_ts.pattern = 'dd/MM/yyyy';
  await writeFile(join(FORMATS_DIR, 'open.json'), JSON.stringify(open));
  await until('it is posted', async () => (await readdir(PROCESSED_DIR)).includes('open.csv'));
  expect(await readState(rows[0]!.id)).toEqual({ state: 'loaded', reason: null });
  const posted = await database.query<{ at: string }>(
    `select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD') as at from transactions
     where import_no = (select no from imports where id = $1)`,
    [rows[0]!.id],
  );
  expect(posted.rows).toEqual([{ at: '2021-02-01' }]);
});

test('a row that lost a cell stays a bad row until somebody mends it', async () => {
  const { QUARANTINE_DIR } = house.config;
  const header =
    '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"';
  const row = '"20240131","AH","NL69INGB0123456789","","BA","Af","12,50","Betaalautomaat"';
  expect((await house.importText(`${header}\n${row}\n`, 'short.csv')).receipt.rowsQuarantined).toBe(1);
  const text = await readFile(join(QUARANTINE_DIR, 'short.csv.rows.csv'), 'utf8');
  expect((await house.importText(text, 'unmended.csv')).receipt).toMatchObject({
    rowsPosted: 0,
    rowsQuarantined: 1,
  });
  const mended = text.replace('Betaalautomaat', 'Betaalautomaat,');
  expect((await house.importText(mended, 'mended.csv')).receipt).toMatchObject({ amountPosted: '-12.50' });
});

test('amounts of several currencies are not added up', async () => {
  const [header] = (await sample('sparkasse.sample.csv')).toString('latin1').split('\r\n');
  const row = (iban: string, amount: string, currency: string): string =>
    `"${iban}";"02.01.24";"02.01.24";"X";"X";"";"";"";"";"";"";"X";"";"";"${amount}";"${currency}";"Umsatz gebucht"`;
  const rows = [row('DE02120300000000202051', '7,00', 'USD'), row('DE89370400440532013000', '1000', 'JPY')];
  const { receipt, statements } = await house.importText([header, ...rows, ''].join('\r\n'));
  expect(receipt).toMatchObject({ rowsPosted: 2, amountPosted: null });
  expect(statements.map(({ closingBalance }) => closingBalance).sort()).toEqual(['1000', '7.00']);
});

test('what was held under a name that did not show the account is held no more when it is imported', async () => {
  const { FORMATS_DIR, IMPORTS_DIR } = house.config;
  const definition = {
    feed: 'transactions',
    description: 'The account is in the name of the file.',
    header: ['On', 'Sum'],
    columns: {
      account_number: { fileName: 'of (\\d{4})' },
      transaction_ts: { column: 'On', pattern: 'yyyy-MM-dd' },
      transaction: { column: 'Sum', decimal: '.' },
    },
  };
  await writeFile(join(FORMATS_DIR, 'named.json'), JSON.stringify(definition));
  const path = join(IMPORTS_DIR, 'nobody.csv');
  await writeFile(path, 'On,Sum\n2021-01-01,5\n');
  await expect(house.house().chunker.importFile(path)).rejects.toBeInstanceOf(HeldError);
  await rename(path, join(IMPORTS_DIR, 'of 4321.csv'));
  await house.house().chunker.importFile(join(IMPORTS_DIR, 'of 4321.csv'));
  const { rows } = await database.query<{ state: string }>('select state from imports');
  expect(rows).toEqual([{ state: 'loaded' }]);
});

test('a format that has faults while the services run changes nothing', async () => {
  const path = join(house.config.FORMATS_DIR, 'stori.json');
  const good = await readFile(path, 'utf8');
  await house.importText('Id,Date,Transaction\n7,1/2,1\n');
  await writeFile(path, '{');
  expect((await house.importText('Id,Date,Transaction\n8,1/2,1\n')).receipt.rowsPosted).toBe(1);
  await writeFile(path, good);
});
