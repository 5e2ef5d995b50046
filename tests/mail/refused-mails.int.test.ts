import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '@passbook/runtime';
import { until } from '@passbook/testing';
import { makeSenderTrial, renderLetters, withUrl, type SenderTrial } from './make-sender-trial.js';

/*
 * Mails to a real server that takes them, puts them off, or refuses them: what it accepted, by its own list, is what is sent,
 * each once.
 */

let trial: SenderTrial;
beforeEach(async () => {
  trial = await makeSenderTrial();
});
afterEach(() => trial.remove());

test('sends each mail once, many over one connection, and notes what the server said', async () => {
  await trial.makeDue(150);
  trial.start();
  expect(await trial.settled('sent')).toEqual({ sent: 150 });
  await trial.expectSentOnce(150);
  expect(trial.server.connections()).toBeLessThanOrEqual(6);
  const [row] = await trial.readRows();
  expect(row).toEqual(expect.objectContaining({ attempts: 1, reply: expect.stringMatching(/^250 /) }));
  expect(trial.server.accepted[0]!.bytes.toString()).toContain('Subject: Your account statement\r\n');
});

test('two senders on one table send each mail once', async () => {
  await trial.makeDue(200);
  trial.start();
  trial.start();
  expect(await trial.settled('sent')).toEqual({ sent: 200 });
  await trial.expectSentOnce(200);
});

test('a greylisted mail waits five to ten minutes, then is sent with the same bytes', async () => {
  await trial.makeDue(6);
  const seen = new Set<string>();
  trial.server.answer((step, to) => {
    if (step !== 'RCPT' || seen.has(to!)) return undefined;
    seen.add(to!);
    return { code: 450, text: `4.2.0 ${to!} is greylisted` };
  });
  const sender = trial.start();
  expect(await trial.settled('deferred')).toEqual({ deferred: 6 });
  for (const { waitsMinutes, apartMinutes, reply } of await trial.readRows()) {
    expect(apartMinutes).toBeGreaterThanOrEqual(5);
    expect(waitsMinutes).toBeLessThanOrEqual(10);
    expect(reply).toMatch(/^450 4\.2\.0 h•••@example\.com is greylisted$/);
  }
  await trial.comeAgain(sender);
  expect(await trial.settled('sent')).toEqual({ sent: 6 });
  await trial.expectSentOnce(6);
});

test.each([
  ['MAIL', 451, 'deferred'],
  ['RCPT', 452, 'deferred'],
  ['end', 451, 'deferred'],
  ['RCPT', 550, 'failed'],
  ['end', 554, 'failed'],
] as const)(
  'of mails that are refused at %s with %i each is %s, and the others are sent',
  async (at, code, state) => {
    await trial.makeDue(9);
    const asked = { MAIL: 0, RCPT: 0, end: 0, greeting: 0 };
    trial.server.answer((step) => {
      asked[step] += 1;
      return step === at && asked[step] % 3 === 0 ? { code } : undefined;
    });
    trial.start();
    expect(await trial.settled('sent', state)).toEqual({ sent: 6, [state]: 3 });
    await trial.expectSentOnce(6);
  },
);

test('a mail that is put off for more than four days has failed, and says why', async () => {
  await trial.makeDue(1);
  trial.server.answer((step) => (step === 'RCPT' ? { code: 451 } : undefined));
  const sender = trial.start();
  await trial.settled('deferred');
  await trial.database.query(`update deliveries set first_attempt_at = now() - interval '4 days'`);
  await trial.comeAgain(sender);
  await trial.settled('failed');
  expect((await trial.readRows())[0]!.reply).toMatch(/^Given up: 451 /);
});

test('a server that ends a connection between two mails costs none of them', async () => {
  await trial.makeDue(12);
  let mails = 0;
  trial.server.answer((step) => (step === 'MAIL' && ++mails % 3 === 0 ? 'close' : undefined));
  trial.start();
  expect(await trial.settled('sent', 'deferred')).toEqual({ sent: 12 });
  await trial.expectSentOnce(12);
});

test.each([
  [450, 'deferred'],
  [554, 'failed'],
] as const)('a mail for which the server does not wait, with %i at DATA, is %s', async (code, state) => {
  await trial.makeDue(3);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 mail\r\n');
    socket.on('data', (bytes) =>
      socket.write(bytes.toString('latin1').startsWith('DATA') ? `${code} not this one\r\n` : '250 ok\r\n'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sender = trial.start(withUrl(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`));
  expect(await trial.settled(state)).toEqual({ [state]: 3 });
  expect(new Set((await trial.readRows()).map(({ reply }) => reply))).toEqual(
    new Set([`${code} not this one`]),
  );
  await sender.stop();
  await new Promise((resolve) => server.close(resolve));
});

test('sends as many in a minute as the setting says, and keeps those that wait for their turn', async () => {
  await trial.makeDue(3);
  const readLeases = async (): Promise<string[]> => {
    const { rows } = await trial.database.query<{ until: string }>(
      `select lease_until as until from deliveries where state = 'due' and lease_token is not null order by no`,
    );
    return rows.map((row) => row.until);
  };
  // One an hour.
  trial.start({ mailsPerMinute: 1 / 60 });
  await until('the first is sent', () => trial.server.accepted.length > 0);
  const [before] = await until('it is known', async () => {
    const leases = await readLeases();
    return leases.length === 2 && leases;
  });
  await until('the others are still kept', async () => (await readLeases()).some((lease) => lease > before!));
  expect(await trial.settled('sent', 'due')).toEqual({ sent: 1, due: 2 });
  await trial.expectSentOnce(1);
});

describe('a letter that cannot be rendered', () => {
  const renderUpTo = (bad: bigint, reason: Error) =>
    async function* (_importNo: number, accountIds: readonly bigint[]) {
      for (const accountId of accountIds) {
        if (accountId === bad) throw reason;
        yield* renderLetters([accountId], 'Closing balance  $1.00\r\n');
      }
    };

  test('has failed, and says why; those behind it are sent', async () => {
    await trial.makeDue(5);
    trial.start({ renderLetters: renderUpTo(3n, new RangeError('Invalid time zone')) });
    expect(await trial.settled('sent', 'failed')).toEqual({ sent: 4, failed: 1 });
    expect((await trial.readRows())[2]!.reply).toBe(
      'It cannot be rendered (Invalid time zone). When that is mended: passbook deliveries resend 3',
    );
    await trial.expectSentOnce(4);
  });

  test('is not to blame where none can be: all wait, and it is told', async () => {
    await trial.makeDue(3);
    const told: unknown[] = [];
    const sender = trial.start({
      renderLetters() {
        throw new RangeError('Invalid time zone');
      },
      onFailure: (err) => told.push(err),
    });
    await until('it is told', () => told.length > 0);
    await sender.stop();
    expect(told[0]).toEqual(new RangeError('Invalid time zone'));
    expect(await trial.settled('due')).toEqual({ due: 3 });
  });

  test('and of which an earlier attempt may have arrived says so', async () => {
    await trial.makeDue(2);
    await trial.database.query(
      `update deliveries set state = 'unknown', attempts = 1, unknowns = 1 where account_id = 1`,
    );
    trial.start({ renderLetters: renderUpTo(1n, new RangeError('Invalid time zone')) });
    expect(await trial.settled('sent', 'failed')).toEqual({ sent: 1, failed: 1 });
    expect((await trial.readRows())[0]!.reply).toMatch(
      /^An earlier attempt may have arrived\. It cannot be rendered/,
    );
  });

  test.each([
    ['in bad weather', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['for want of a setting', new UserError('There is no feed of this name here.')],
  ])('%s is not to blame: it waits', async (_what, reason) => {
    await trial.makeDue(5);
    const told: unknown[] = [];
    const sender = trial.start({
      renderLetters: renderUpTo(3n, reason),
      onFailure: (err) => told.push(err),
    });
    await until('it is told', () => told.length > 0);
    await sender.stop();
    expect(told[0]).toBe(reason);
    expect(await trial.settled('sent', 'due')).toEqual({ sent: 2, due: 3 });
  });
});
