import { expect, test } from '@jest/globals';
import type { Database } from '@passbook/database';
import { makeLogger } from '@passbook/runtime';
import { tellReturn } from './tell-return.js';

const lost = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01', severity: 'ERROR' });

function prepare(): { said: string[]; says: (outcome: Error | null) => Promise<void> } {
  const said: string[] = [];
  const log = makeLogger('silent');
  Object.assign(log, { info: (text: string) => void said.push(text) });
  let next: Error | null = null;
  const query = (): Promise<never[]> => (next === null ? Promise.resolve([]) : Promise.reject(next));
  const database = tellReturn({ query } as unknown as Database, log);
  return {
    said,
    async says(outcome) {
      next = outcome;
      await database.query('select 1').catch(() => {});
    },
  };
}

test('the first success after the connection was lost says that Postgres is there again, once', async () => {
  const { said, says } = prepare();
  for (const outcome of [null, lost, lost, null, null, lost, null]) await says(outcome);
  expect(said).toEqual(Array(2).fill('Postgres is there again'));
});

test('a success after bad weather in which Postgres was there says nothing', async () => {
  const { said, says } = prepare();
  for (const outcome of [deadlock, null]) await says(outcome);
  expect(said).toEqual([]);
});
