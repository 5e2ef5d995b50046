import { apiPartsOf, startApi, type Api } from '@passbook/api';
import type { Database } from '@passbook/database';
import { createClientWithAccount } from '@passbook/ledger';
import { makeLogger } from '@passbook/runtime';
import type { TestHouse } from './make-test-house.js';

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

/** An account that may be overdrawn, as imported ones may. @returns its id */
export async function openOverdrawable(database: Database): Promise<number> {
  const client = { name: 'Ann Lee', login: null, email: null };
  const account = { currency: 'USD', minBalanceMinor: null, type: null };
  const made = await createClientWithAccount(database, client, account);
  if (made === 'LOGIN_TAKEN') throw new Error('It has no login.');
  return Number(made.account.id);
}
