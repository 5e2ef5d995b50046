import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '@passbook/database';

/** The database with the whole schema that the setup of a test run makes, to be copied. */
export const TEMPLATE = 'passbook_template';

/** A test holds locks until a condition comes: for longer than Postgres lets the product do it, where the machine is slow. */
const HELD_FOR_LONG = 'set local idle_in_transaction_session_timeout = 0';

export interface TestDatabase extends Database {
  /** Closes the connections and deletes the database. */
  drop(): Promise<void>;
}

/** A database of its own, with the whole schema, or with nothing: tests never share one. */
export async function makeTestDatabase(options: { isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const serverUrl = process.env['TEST_POSTGRES_URL'];
  if (!serverUrl) throw new Error('TEST_POSTGRES_URL is not set: a unit test has no Postgres.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = openDatabase({ url: serverUrl, applicationName: 'passbook-tests', connectionsMax: 1 });
  await server.query(`create database ${name} template ${options.isEmpty ? 'template0' : TEMPLATE}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = openDatabase({ url: url.href, applicationName: 'passbook-tests' });
  return {
    ...database,
    withTransaction: (work) =>
      database.withTransaction(async (trx) => {
        await trx.query(HELD_FOR_LONG);
        return work(trx);
      }),
    async drop() {
      await database.close();
      await server.query(`drop database ${name} with (force)`);
      await server.close();
    },
  };
}
