import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '@passbook/database';

/** The database with the whole schema that the setup of a test run makes, to be copied. */
export const TEMPLATE = 'passbook_template';

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
    async drop() {
      await database.close();
      await server.query(`drop database ${name} with (force)`);
      await server.close();
    },
  };
}
