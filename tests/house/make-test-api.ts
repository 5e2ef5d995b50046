import { afterAll, beforeAll } from '@jest/globals';
import { apiPartsOf, startApi, type Api } from '@passbook/api';
import type { Database } from '@passbook/database';
import { createClientWithAccount } from '@passbook/ledger';
import { makeLogger } from '@passbook/runtime';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

export interface Answer {
  status: number;
  type: string | null;
  body: Record<string, unknown> & { items: Record<string, unknown>[]; nextCursor: string | null };
}

export interface TestApi extends Api {
  get(path: string, init?: RequestInit): Promise<Answer>;
}

/** The API of a house, on a port of its own. */
export async function makeTestApi(
  database: Database,
  { config, house }: Pick<TestHouse, 'config' | 'house'>,
): Promise<TestApi> {
  const api = await startApi({
    database,
    feeds: house().feeds,
    ...apiPartsOf({ ...config, HTTP_PORT: 0 }),
    log: makeLogger('silent'),
  });
  return {
    ...api,
    async get(path, init = {}) {
      const response = await fetch(api.url + path, init);
      const body = (await response.json()) as Answer['body'];
      return { status: response.status, type: response.headers.get('content-type'), body };
    },
  };
}

/**
 * The API of a house on a database of its own, for all tests of a file.
 * @param use is given the three before the first test
 */
export function useTestApi(
  use: (made: { database: TestDatabase; house: TestHouse; api: TestApi }) => void,
): void {
  let database: TestDatabase;
  let house: TestHouse;
  let api: TestApi;
  beforeAll(async () => {
    database = await makeTestDatabase();
    house = await makeTestHouse(database);
    api = await makeTestApi(database, house);
    use({ database, house, api });
  });
  afterAll(async () => {
    await api.stop();
    await house.remove();
    await database.drop();
  });
}

/** An account that may be overdrawn, as imported ones may. @returns its id */
export async function openOverdrawable(database: Database): Promise<number> {
  const client = { name: 'Ann Lee', login: null, email: null };
  const account = { currency: 'USD', minBalanceMinor: null, type: null };
  const made = await createClientWithAccount(database, client, account);
  if (made === 'LOGIN_TAKEN') throw new Error('It has no login.');
  return Number(made.account.id);
}
