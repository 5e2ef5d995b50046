import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { runReconcile, type Config } from '@passbook/cli';
import { makeLogger } from '@passbook/runtime';
import { makeTradesHouse, type TradesHouse } from './trades.js';

let trades: TradesHouse;
beforeAll(async () => {
  trades = await makeTradesHouse();
});
afterAll(() => trades.remove());

/** What the command prints, and its exit code. */
const run = async (json: boolean, change: Partial<Config> = {}): Promise<{ code: number; text: string }> => {
  let text = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((piece) => {
    text += String(piece);
    return true;
  });
  try {
    return {
      code: await runReconcile({ json }, { ...trades.house.config, ...change }, makeLogger('silent')),
      text,
    };
  } finally {
    write.mockRestore();
  }
};

test('passbook reconcile says that nothing was imported, and that nothing is reconciled', async () => {
  expect(await run(false)).toEqual({ code: 2, text: 'No trade was imported yet.\n' });
  await expect(run(false, { FEED_DEFINITIONS_DIR: join(trades.house.path, 'none') })).rejects.toThrow(
    'No feed is reconciled here',
  );
});

test('passbook reconcile writes the report and prints what it says', async () => {
  await trades.importRepository([{ id: 'A', amount: '3' }, { id: 'B' }]);
  await trades.importCustomers([{ id: 'A' }, { id: 'C' }, { id: 'D', region: 'US' }]);
  const { code, text } = await run(false);
  expect(code).toBe(0);
  const name = (await readdir(trades.house.config.REPORTS_DIR)).find((one) =>
    one.startsWith('reconciliation-'),
  )!;
  expect(text.split('\n')).toEqual([
    '3 customer transactions, 2 of them eligible; 2 in the repository',
    '  matched                 0',
    '  mismatched              1 (amount 1, currency 0, instrument_type 0)',
    '  not in the repository   1',
    '  in the repository only  1',
    '  over-reported           0',
    `reports/${name}/index.html`,
    '',
  ]);
  const files = await readdir(join(trades.house.config.REPORTS_DIR, name));
  const file = files.find((one) => /^reconciliation_\d{8}\.json$/.test(one))!;
  const printed = await run(true);
  expect(printed).toEqual({
    code: 0,
    text: await readFile(join(trades.house.config.REPORTS_DIR, name, file), 'utf8'),
  });
});
