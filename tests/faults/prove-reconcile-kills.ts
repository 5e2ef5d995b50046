import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { until, type TestDatabase } from '@passbook/testing';
import { makeTradesHouse } from '../house/trades.js';
import { makePlace } from '../run-passbook.js';
import { expectSuccess, type KillTrial } from './kill-trial.js';
import { faultsEnvironment } from './watched-process.js';

/* `passbook reconcile`, killed right before or after one of its operations. */

/** A file that has not got its name yet. */
export const UNFINISHED = /^\.[0-9a-f-]{36}\.tmp$/;

/** A user who reconciles trades that are loaded. */
export interface ReconcileTrial extends KillTrial {
  database: TestDatabase;
  /** The files of the report, also those that are not finished, by their names. */
  readReport(): Promise<Record<string, string>>;
}

export async function makeReconcileTrial(): Promise<ReconcileTrial> {
  const trades = await makeTradesHouse();
  await trades.importCustomers([{ id: 'A' }, { id: 'B' }, { id: 'C', region: 'US' }]);
  await trades.importRepository([{ id: 'A' }, { id: 'B', amount: '7' }, { id: 'D' }]);
  const { database, house } = trades;
  await house.close();
  const place = await makePlace();
  const start: KillTrial['start'] = (faults) =>
    place.start('passbook.mjs', ['reconcile'], {
      DATABASE_URL: database.url,
      FEED_DEFINITIONS_DIR: house.config.FEED_DEFINITIONS_DIR,
      ...(faults && faultsEnvironment(place, faults)),
    });
  const readReport = async (): Promise<Record<string, string>> => {
    const folders = await place.list('reports');
    expect(folders.length).toBeLessThanOrEqual(1);
    const files: Record<string, string> = {};
    for (const folder of folders.map((name) => join(place.path, 'reports', name)))
      for (const file of await readdir(folder)) files[file] = await readFile(join(folder, file), 'utf8');
    return files;
  };
  return {
    place,
    database,
    begin: /^mkdir reports\//,
    start,
    readReport,
    async expectRight() {
      const left = Object.entries(await readReport());
      const finished = left.filter(([name]) => !UNFINISHED.test(name));
      expect(left.length - finished.length).toBeLessThanOrEqual(1);
      // The lock of the dead ends with its connection.
      await until('nobody else is connected', async () => {
        const { rows } = await database.query(
          `select from pg_stat_activity where datname = current_database() and application_name = 'passbook'`,
        );
        return rows.length === 0;
      });
      expectSuccess(await start().finished);
      const report = await readReport();
      expect(Object.keys(report).map((name) => name.replace(/\d{8}/, '…')).sort()).toEqual([
        'index.html',
        'reconciliation_….json',
        'reconciliation_…_discrepancies.csv',
      ]); // prettier-ignore
      expect(report).toMatchObject(Object.fromEntries(finished));
    },
    async remove() {
      await place.remove();
      await trades.remove();
    },
  };
}
