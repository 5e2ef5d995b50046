import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestDatabase, newAccountNumber, transactionRow, type TestDatabase } from '@passbook/testing';
import { makeTestApi, type Answer, type TestApi } from './make-test-api.js';
import { makeTestHouse, type Imported, type TestHouse } from './make-test-house.js';

/*
 * The API over files that were imported through the whole house: an earlier one, one with each kind of row, an empty one,
 * and one that is refused.
 */

let database: TestDatabase;
let house: TestHouse;
let api: TestApi;
let earlier: Imported;
let mixed: Imported;
let mixedId: string;
const account = newAccountNumber();
const first = { account, id: randomUUID(), amount: '12.5', time: '2021-01-31 10:00:00.25' };

beforeAll(async () => {
  database = await makeTestDatabase();
  house = await makeTestHouse(database);
  earlier = await house.importRows([transactionRow(first)], 'earlier.csv');
  mixed = await house.importRows(
    [
      transactionRow({ account }),
      transactionRow(first),
      transactionRow({ ...first, amount: '1' }),
      transactionRow({ account, first: '"An\nn"' }),
      transactionRow({ account, amount: 'x' }),
    ],
    'mixed.csv',
  );
  mixedId = mixed.receipt.importId;
  await house.importRows([], 'empty.csv');
  await writeFile(join(house.path, 'refused.csv'), 'a,b\n1,2\n');
  await house.house().chunker.importFile(join(house.path, 'refused.csv'));
  api = await makeTestApi(database, house);
});
afterAll(async () => {
  await api.stop();
  await house.remove();
  await database.drop();
});

async function readPages(path: string): Promise<Record<string, unknown>[][]> {
  const pages: Record<string, unknown>[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body }: Answer = await api.get(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(body.items);
    cursor = body.nextCursor;
  }
  return pages;
}

describe('/v1/imports', () => {
  test('lists imports, the newest first, in pages', async () => {
    const { status, body } = await api.get('/v1/imports');
    expect([status, body.nextCursor]).toEqual([200, null]);
    expect(body.items.map((one) => [one['file'], one['state']])).toEqual([
      ['refused.csv', 'refused'],
      ['empty.csv', 'loaded'],
      ['mixed.csv', 'loaded'],
      ['earlier.csv', 'loaded'],
    ]);
    const pages = await readPages('/v1/imports?limit=3');
    expect(pages.map((page) => page.length)).toEqual([3, 1]);
    expect(pages.flat()).toEqual(body.items);
  });

  test('has one by its id, with its counts', async () => {
    const { status, body } = await api.get(`/v1/imports/${mixedId.toUpperCase()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: mixedId,
      file: 'mixed.csv',
      feed: 'transactions',
      rowsRead: 5,
      rowsPosted: 2,
      rowsDuplicate: 1,
      rowsQuarantined: 2,
      reports: 2,
      reportsDue: 0,
      waitsFor: null,
    });
    expect(Object.keys(body)).not.toContain('no');
  });

  test('says why a file was refused', async () => {
    const [refused] = (await api.get('/v1/imports?limit=1')).body.items;
    expect(refused).toMatchObject({ refusal: { code: 'HEADER_MISSING', line: 1 } });
    expect(refused!['reason']).toEqual(
      expect.stringMatching(/^The first line is no header that is known\. Put/),
    );
    expect((await api.get(`/v1/imports/${String(refused!['id'])}/rows`)).body).toEqual({
      items: [],
      nextCursor: null,
      isReplaced: false,
    });
  });
});

describe('/v1/imports/{id}/rows', () => {
  test('has each row once, in the order of lines, also over many pages', async () => {
    const { body } = await api.get(`/v1/imports/${mixedId}/rows`);
    expect(body.items.map((row) => [row['line'], row['outcome']])).toEqual([
      [2, 'posted'],
      [3, 'duplicate'],
      [4, 'quarantined'],
      [5, 'posted'],
      [7, 'quarantined'],
    ]);
    expect(body.items[1]!['duplicateOf']).toEqual({ importId: earlier.receipt.importId, line: 2 });
    const conflict = { importId: earlier.receipt.importId, line: 2 };
    expect(body.items[2]).toMatchObject({
      transaction: null,
      faults: [{ column: 'operation_id', code: 'CONFLICT', first: conflict }],
    });
    for (const limit of [1, 2, 5]) {
      const pages = await readPages(`/v1/imports/${mixedId}/rows?limit=${limit}`);
      expect(pages).toHaveLength(Math.ceil(5 / limit));
      expect(pages.flat()).toEqual(body.items);
    }
  });

  test('can be asked for one outcome, and for one line', async () => {
    const all = (await api.get(`/v1/imports/${mixedId}/rows`)).body.items;
    for (const outcome of ['posted', 'duplicate', 'quarantined']) {
      const pages = await readPages(`/v1/imports/${mixedId}/rows?limit=1&outcome=${outcome}`);
      expect(pages.flat()).toEqual(all.filter((row) => row['outcome'] === outcome));
    }
    for (const [line, found] of [
      [5, [all[3]]],
      [3, [all[1]]],
      [6, []],
      [1, []],
    ] as const) {
      expect((await api.get(`/v1/imports/${mixedId}/rows?line=${line}`)).body).toEqual({
        items: found,
        nextCursor: null,
        isReplaced: false,
      });
    }
    expect((await api.get(`/v1/imports/${mixedId}/rows?line=5&outcome=duplicate`)).body.items).toEqual([]);
  });

  test('of an import that is not loaded changes while rows are posted', async () => {
    await database.query(`update imports set state = 'reading' where id = $1`, [mixedId]);
    const { rows } = await database.query(
      'delete from transactions where import_no = $1 and line = 5 returning *',
      [mixed.importNo],
    );
    expect(rows).toHaveLength(1);
    const lines = (await api.get(`/v1/imports/${mixedId}/rows`)).body.items.map((row) => row['line']);
    expect(lines).toEqual([2, 3, 4, 7]);
    await database.query(
      `insert into transactions select r.* from jsonb_populate_record(null::transactions, $1) as r`,
      [
        JSON.stringify(rows[0], (_key, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        ),
      ],
    );
    expect((await api.get(`/v1/imports/${mixedId}/rows`)).body.items).toHaveLength(5);
    await database.query(`update imports set state = 'loaded' where id = $1`, [mixedId]);
  });
});

describe('/v1/imports/{id}/receipt', () => {
  test('is the receipt that lies in processed/', async () => {
    const { status, body } = await api.get(`/v1/imports/${mixedId}/receipt`);
    const file = JSON.parse(
      await readFile(join(house.config.PROCESSED_DIR, 'mixed.csv.receipt.json'), 'utf8'),
    ) as object;
    expect([status, body]).toEqual([200, { ...file, currency: 'USD' }]);
  });

  test('is not there for a refused file', async () => {
    const [refused] = (await api.get('/v1/imports?limit=1')).body.items;
    const { status, body } = await api.get(`/v1/imports/${String(refused!['id'])}/receipt`);
    expect([status, body['type']]).toEqual([404, 'urn:passbook:problem:no-receipt']);
  });
});

describe('/v1/accounts/{id}/transactions/{id}', () => {
  test('is a transaction, and the row that it was', async () => {
    const accountId = earlier.statements[0]!.account.id;
    const { status, body } = await api.get(`/v1/accounts/${accountId}/transactions/${first.id}`);
    expect([status, body]).toEqual([
      200,
      {
        id: first.id,
        account: { id: accountId, last4: account.slice(-4) },
        occurredAt: '2021-01-31T10:00:00.25Z',
        amount: '12.50',
        currency: 'USD',
        origin: { importId: earlier.receipt.importId, file: 'earlier.csv', line: 2 },
      },
    ]);
  });

  test('may have come from no file', async () => {
    const id = randomUUID();
    const accountId = earlier.statements[0]!.account.id;
    await database.query(
      `insert into transactions (account_id, id, occurred_at, amount_minor) values ($1, $2, now(), -5)`,
      [accountId, id],
    );
    const { body } = await api.get(`/v1/accounts/${accountId}/transactions/${id}`);
    expect(body).toMatchObject({ amount: '-0.05', origin: null });
  });
});

test('the page says why a file was refused and where bad rows are, in sentences', async () => {
  const html = await (await fetch(api.url)).text();
  expect(html).toContain('The first line is no header that is known. Put the names of the columns first, or');
  expect(html).not.toContain('HEADER_MISSING');
  expect(html).toContain('/quarantine/refused.csv.error.json');
  expect(html).toContain('quarantine/<bdi>mixed.csv.rows.csv</bdi>');
  expect(html).toContain(`/v1/imports/${mixedId}/rows?outcome=quarantined`);
});

test('nothing of the API repeats an account number', async () => {
  for (const path of ['/v1/imports', `/v1/imports/${mixedId}/rows`, '/', '/reference']) {
    expect([path, (await (await fetch(api.url + path)).text()).includes(account)]).toEqual([path, false]);
  }
});
