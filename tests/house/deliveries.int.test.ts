import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { resendDelivery, holdDelivery } from '@passbook/mail';
import {
  makeTestDatabase,
  newAccountNumber,
  startTestMailServer,
  transactionRow,
  until,
  type TestDatabase,
  type TestMailServer,
} from '@passbook/testing';
import { readSettings } from '@passbook/runtime';
import { makeTestApi, type TestApi } from './make-test-api.js';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

/* Files that become statements and mails, through the whole house and a real mail server; and how people see them. */

let database: TestDatabase;
let server: TestMailServer;
let house: TestHouse;
let api: TestApi;
beforeEach(async () => {
  database = await makeTestDatabase();
  server = await startTestMailServer();
  house = await makeTestHouse(database, { settings: mailSettings(server) });
  api = await makeTestApi(database, house);
});
afterEach(async () => {
  await api.stop();
  await house.remove();
  await server.stop();
  await database.drop();
  expect(house.failures).toEqual([]);
});

const mailSettings = ({ url }: TestMailServer) =>
  readSettings({ SMTP_URL: url, MAIL_FROM: 'Passbook <passbook@example.com>' }, ['SMTP_URL', 'MAIL_FROM']);

const rowFor = (email: string): string => transactionRow({ account: newAccountNumber(), email });

const settled = (...states: string[]): Promise<unknown> =>
  until(`all mails are ${states.join(' or ')}`, async () => {
    const { rows } = await database.query<{ isSettled: boolean }>(
      'select coalesce(bool_and(state = any($1)), false) as "isSettled" from deliveries',
      [states],
    );
    return rows[0]!.isSettled;
  });

test('each statement is mailed once to its holder, and no .eml is written', async () => {
  const { reports, receipt } = await house.importRows([rowFor('ann@example.com'), rowFor('bob@example.com')]);
  await settled('sent');
  expect(server.accepted.map(({ to }) => to).sort()).toEqual(['ann@example.com', 'bob@example.com']);
  expect(new Set(server.accepted.map(({ messageId }) => messageId)).size).toBe(2);
  expect(receipt.accountsWithoutAddress).toBe(0);
  expect(reports.filter((name) => name.endsWith('.eml'))).toEqual([]);
});

test('an account without an address that can be used has its files, and a line in the receipt', async () => {
  const { receipt, statements } = await house.importRows([
    rowFor('ann@example.com'),
    rowFor('b..ob@example.com'),
  ]);
  await settled('sent');
  expect(server.accepted.map(({ to }) => to)).toEqual(['ann@example.com']);
  expect(statements).toHaveLength(2);
  expect([receipt.accounts, receipt.accountsWithoutAddress]).toEqual([2, 1]);
  const { body } = await api.get(`/v1/imports/${receipt.importId}/receipt`);
  expect(body['accountsWithoutAddress']).toBe(1);
});

test('the same bytes again send nothing again, nor does a server that is set later for what was rendered before', async () => {
  // Else the reporter that mails could take the report: it looks for what is due every few seconds.
  await house.close();
  const without = await makeTestHouse(database, { beside: house, settings: { SMTP_URL: undefined } });
  await without.importRows([rowFor('early@example.com')]);
  await without.remove();
  await house.open();
  const rows = [rowFor('ann@example.com')];
  await house.importRows(rows);
  await settled('sent');
  await house.importRows(rows);
  await house.importRows([rowFor('last@example.com')]);
  await settled('sent');
  expect(server.accepted.map(({ to }) => to)).toEqual(['ann@example.com', 'last@example.com']);
});

describe('mails that are refused or unknown', () => {
  const strange = 'strange-holder@example.com';
  let importId: string;
  beforeEach(async () => {
    server.answer((step, to) => {
      if (step === 'RCPT' && to === 'gone@example.com') return { code: 550, text: `no <${to}> here` };
      return step === 'end' && to === strange ? 'close' : undefined;
    });
    const { receipt } = await house.importRows(
      ['ann@example.com', 'gone@example.com', strange].map(rowFor),
      'small.csv',
    );
    importId = receipt.importId;
    await settled('sent', 'failed', 'unknown');
  });

  test('are told by the API, with what the server said, and no address in full', async () => {
    const { body } = await api.get(`/v1/imports/${importId}/deliveries`);
    // Which account came first, the processor decides.
    const byState = new Map(body.items.map((one) => [one['state'], one]));
    expect([...byState].map(([state, { recipient }]) => [state, recipient]).sort()).toEqual([
      ['failed', 'g•••@example.com'],
      ['sent', 'a•••@example.com'],
      ['unknown', 's•••@example.com'],
    ]);
    expect(byState.get('failed')).toEqual(
      expect.objectContaining({ reply: '550 no <g•••@example.com> here', nextAttemptAt: null, attempts: 1 }),
    );
    const { body: failed } = await api.get(`/v1/imports/${importId}/deliveries?state=failed`);
    expect(failed.items).toEqual([byState.get('failed')]);
    const pages = [await api.get(`/v1/imports/${importId}/deliveries?limit=2`)];
    pages.push(
      await api.get(`/v1/imports/${importId}/deliveries?limit=2&cursor=${pages[0]!.body.nextCursor}`),
    );
    expect(pages.flatMap((page) => page.body.items)).toEqual(body.items);
  });

  test('are on the page, with no address in full', async () => {
    const page = await (await fetch(api.url)).text();
    expect(page).toContain('1 sent, 1 failed, 1 unknown');
    expect(page).toMatch(/g•••@example\.com: failed\. 550 no &lt;g•••@example\.com&gt; here/);
    expect(page).not.toMatch(/gone@|strange-holder@|ann@/);
  });

  const noOf = async (state: string): Promise<bigint> => {
    const { rows } = await database.query<{ no: bigint }>('select no from deliveries where state = $1', [
      state,
    ]);
    return rows[0]!.no;
  };

  test('are sent again when a person says so; one that was sent is not', async () => {
    server.answer(() => undefined);
    const nos = await Promise.all(['failed', 'unknown'].map(noOf));
    expect(await resendDelivery(database, await noOf('sent'))).toEqual({ refusedAs: 'sent' });
    for (const no of nos) expect(await resendDelivery(database, no)).toBe('done');
    expect(await resendDelivery(database, 99n)).toBe(null);
    await settled('sent');
    expect(server.accepted.map(({ to }) => to).sort()).toEqual([
      'ann@example.com',
      'gone@example.com',
      strange,
    ]);
  });

  test('wait when a person holds them', async () => {
    server.answer(() => undefined);
    const no = await noOf('unknown');
    expect(await holdDelivery(database, no)).toBe('done');
    expect(await holdDelivery(database, await noOf('failed'))).toEqual({ refusedAs: 'failed' });
    await database.query('update deliveries set next_attempt_at = now()');
    await house.importRows([rowFor('last@example.com')]);
    await until('a later mail is sent', () => server.accepted.some(({ to }) => to === 'last@example.com'));
    expect(server.accepted.map(({ to }) => to)).not.toContain(strange);
    await resendDelivery(database, no);
    await until('it is sent', () => server.accepted.some(({ to }) => to === strange));
  });
});
