import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

/** A house that knows both files of trades, on a database of its own. */
export interface TradesHouse {
  database: TestDatabase;
  house: TestHouse;
  remove(): Promise<void>;
}

export async function makeTradesHouse(): Promise<TradesHouse> {
  const database = await makeTestDatabase();
  const house = await makeTestHouse(database, { declares: ['customer_transactions', 'gtr_report'] });
  return {
    database,
    house,
    async remove() {
      await house.remove();
      await database.drop();
    },
  };
}
