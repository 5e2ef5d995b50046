// One server for all integration tests of a run, with a template of the whole schema. Each test file copies it
// (packages/testing).
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, startEmbeddedPostgres } from '../../packages/database/dist/index.js';
import { migrateDatabase } from '../../packages/service/dist/index.js';

export default async function startPostgres() {
  const directory = mkdtempSync(join(tmpdir(), 'passbook-tests-'));
  // As folders of users are: the user that runs Postgres can enter it.
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({
    directory,
    notify: () => {},
    // The tests' data need not outlive a power cut.
    settings: { fsync: 'off', full_page_writes: 'off' },
  });
  globalThis.testPostgres = { ...postgres, directory };
  process.env.TEST_POSTGRES_URL = postgres.url;
  await makeTemplate(postgres.url);
}

async function makeTemplate(serverUrl) {
  const server = openDatabase({ url: serverUrl, applicationName: 'passbook-tests', connectionsMax: 1 });
  await server.query('create database passbook_template');
  await server.close();
  const url = new URL(serverUrl);
  url.pathname = '/passbook_template';
  const template = openDatabase({ url: url.href, applicationName: 'passbook-tests' });
  await migrateDatabase(template);
  await template.close();
}
