import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '@passbook/database';
import {
  countLockWaits,
  makeTestDatabase,
  startTcpProxy,
  until,
  type TcpProxy,
  type TestDatabase,
} from '@passbook/testing';
import { deposit, findUnsound, makeTestLedger, withdrawal, type TestLedger } from './make-test-ledger.js';

let database: TestDatabase;
let proxy: TcpProxy;
let behindProxy: Database;
let ledger: TestLedger;
beforeAll(async () => {
  database = await makeTestDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.port = String(proxy.port);
  behindProxy = openDatabase({ url: url.href, applicationName: 'passbook-tests' });
  // Whatever the machine takes: who asks while the database is away is to wait until it is back.
  ledger = makeTestLedger(behindProxy, { patienceMs: 600_000 });
});
afterEach(async () => expect(await findUnsound(database)).toEqual([]));
afterAll(async () => {
  await ledger.stop();
  await behindProxy.close();
  await proxy.stop();
  await database.drop();
});

const isPosting = (bytes: Buffer): boolean => bytes.includes('post_operations');

test('an operation whose commit nobody heard of is found by its key, and not applied again', async () => {
  const id = await ledger.openWallet();
  let isDropped = false;
  void proxy.dropNextAnswer(isPosting).then(() => (isDropped = true));
  expect(await ledger.post(deposit(id, 5n))).toMatchObject({
    status: 'replayed',
    transfer: { toBalanceMinor: 5n },
  });
  expect([isDropped, await ledger.balanceOf(id)]).toEqual([true, 5n]);
});

test('an operation that never reached the database is applied by the next try', async () => {
  const id = await ledger.openWallet();
  let isDropped = false;
  void proxy.dropNextRequest(isPosting).then(() => (isDropped = true));
  expect(await ledger.post(deposit(id, 5n))).toMatchObject({ status: 'posted' });
  expect([isDropped, await ledger.balanceOf(id)]).toEqual([true, 5n]);
});

test('an earlier try that is still at work behind a cut line is waited for', async () => {
  const id = await ledger.openWallet(10n);
  const outcome = await database.withTransaction(async (trx) => {
    await trx.query('select from accounts where id = $1 for update', [id]);
    const asked = ledger.post(withdrawal(id, 10n));
    await until(
      'it waits for the lock',
      async () => (await countLockWaits(database, '%post_operations%')) === 1,
    );
    const before = proxy.bytes.toTarget;
    proxy.cut();
    await until('it is asked for again', () => proxy.bytes.toTarget > before + 1_000);
    return { asked };
  });
  expect(await outcome.asked).toMatchObject({ status: 'replayed', transfer: { fromBalanceMinor: 0n } });
});

test('operations wait while the database is away, and whoever waits for too long is told', async () => {
  const id = await ledger.openWallet();
  const impatient = makeTestLedger(behindProxy, { patienceMs: 300 });
  proxy.refuse();
  const why = (): Promise<string> => behindProxy.query('select 1').then(() => '', String);
  await until('new connections are refused', async () => (await why()).includes('ECONNREFUSED'));
  const waiting = ledger.post(deposit(id, 7n));
  await expect(impatient.post(deposit(id, 5n))).rejects.toThrow('ECONNREFUSED');
  await impatient.stop();
  await proxy.accept();
  expect(await waiting).toMatchObject({ status: 'posted' });
  expect(await ledger.balanceOf(id)).toBe(7n);
});
