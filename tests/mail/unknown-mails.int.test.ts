import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { explainWaiting, listDeliveries } from '@passbook/mail';
import { openDatabase, type Database } from '@passbook/database';
import { startTcpProxy, until, type MailReply, type TcpProxy } from '@passbook/testing';
import { addressOf, impatient, makeSenderTrial, messageIdOf, type SenderTrial } from './make-sender-trial.js';

/* Mails of which nobody can know whether they arrived, and senders that are stopped or late. */

let trial: SenderTrial;
beforeEach(async () => {
  trial = await makeSenderTrial();
});
afterEach(() => trial.remove());

/** Has a mail come that is due later than those before, and waits until it is sent: what was to be sent before it was. */
async function sendLater(sender: ReturnType<SenderTrial['start']>): Promise<void> {
  await trial.makeDueOf(99n);
  trial.server.answer(() => undefined);
  await trial.comeAgain(sender);
  await until('a later mail is sent', () =>
    trial.server.accepted.some((one) => one.messageId === messageIdOf(99n)),
  );
}

/** Whole mails wait for their reply: `asked` resolves when there is one; from `answer` on, each has this one. */
function hangAtEnd(reply: MailReply = undefined): { asked: Promise<void>; answer: () => void } {
  let answer = (): void => {};
  const answered = new Promise<MailReply>((resolve) => (answer = () => resolve(reply)));
  const asked = new Promise<void>((resolve) => {
    trial.server.answer((step) => {
      if (step !== 'end') return undefined;
      resolve();
      return answered;
    });
  });
  return { asked, answer };
}

describe('a mail to which no answer came', () => {
  test.each<[string, MailReply, number]>([
    ['the server hangs after the final dot, having taken it', 'accept and hang', 1],
    ['the server hangs after the final dot, having lost it', 'hang', 0],
    ['the connection is closed before the reply, the mail taken', 'accept and close', 1],
    ['the connection is closed before the reply, the mail lost', 'close', 0],
  ])('is unknown when %s; sent again once, on purpose', async (_what, reply, copies) => {
    await trial.makeDue(3);
    let isStrange = true;
    trial.server.answer((step, to) =>
      step === 'end' && isStrange && to === addressOf(2n) ? reply : undefined,
    );
    const sender = trial.start({ limits: impatient });
    expect(await trial.settled('sent', 'unknown')).toEqual({ sent: 2, unknown: 1 });
    expect(trial.server.accepted).toHaveLength(2 + copies);
    isStrange = false;
    await trial.comeAgain(sender);
    expect(await trial.settled('sent')).toEqual({ sent: 3 });
    const ofIt = trial.server.accepted.filter(({ messageId }) => messageId === messageIdOf(2n));
    expect(ofIt).toHaveLength(1 + copies);
    expect(new Set(ofIt.map(({ bytes }) => bytes.toString())).size).toBe(1);
  });

  test('is not sent a third time by itself, however often its time comes', async () => {
    await trial.makeDue(1);
    trial.server.answer((step) => (step === 'end' ? 'accept and close' : undefined));
    const sender = trial.start();
    for (let round = 0; round < 4; round++) {
      await trial.settled('unknown');
      await trial.comeAgain(sender);
    }
    await until('both copies came', () => trial.server.accepted.length === 2);
    await trial.settled('unknown');
    await sendLater(sender);
    expect(trial.server.accepted).toHaveLength(3);
  });

  test('and that is refused when it is sent again, has failed, and says that it may have arrived', async () => {
    await trial.makeDue(1);
    trial.server.answer((step) => (step === 'end' ? 'accept and close' : undefined));
    const sender = trial.start();
    await trial.settled('unknown');
    trial.server.answer((step) => (step === 'RCPT' ? { code: 550, text: 'no such user' } : undefined));
    await trial.comeAgain(sender);
    await trial.settled('failed');
    expect((await trial.readRows())[0]!.reply).toMatch(
      /^An earlier attempt may have arrived\. 550 no such user/,
    );
  });

  test('waits for a person where the setting says hold', async () => {
    await trial.makeDue(1);
    trial.server.answer((step) => (step === 'end' ? 'accept and close' : undefined));
    const sender = trial.start({ isUnknownResent: false });
    await trial.settled('unknown');
    await sendLater(sender);
    expect(trial.server.accepted).toHaveLength(2);
  });

  test('is held when it is rendered in another way by now', async () => {
    await trial.makeDue(1);
    trial.server.answer((step) => (step === 'end' ? 'close' : undefined));
    const sender = trial.start();
    await trial.settled('unknown');
    trial.write('Closing balance, newly written: $1.00\\n');
    await trial.comeAgain(sender);
    await until('it is held', async () => (await trial.readRows())[0]!.isHeld);
    expect((await trial.readRows())[0]).toEqual(
      expect.objectContaining({
        state: 'unknown',
        reply: expect.stringMatching(/passbook deliveries resend 1$/),
      }),
    );
  });
});

test('a sender that is stopped finishes the mail in hand, and begins no other', async () => {
  await trial.makeDue(10);
  const { asked, answer } = hangAtEnd();
  const sender = trial.start();
  await asked;
  const stopped = sender.stop();
  answer();
  await stopped;
  const states = (await trial.readRows()).map(({ state }) => state);
  const sent = states.filter((state) => state === 'sent').length;
  expect(new Set(states)).toEqual(new Set(['due', 'sent']));
  expect(sent).toBeLessThanOrEqual(3);
  await trial.expectSentOnce(sent);
});

test('a sender keeps its mail for as long as the server takes over it', async () => {
  await trial.makeDue(1);
  const { asked, answer } = hangAtEnd();
  trial.start();
  await asked;
  const readLease = async (): Promise<string> => {
    const { rows } = await trial.database.query<{ until: string }>(
      'select lease_until as until from deliveries',
    );
    return rows[0]!.until;
  };
  const before = await readLease();
  await until('its lease is renewed', async () => (await readLease()) > before);
  expect((await trial.readRows())[0]!.state).toBe('sending');
  answer();
  expect(await trial.settled('sent')).toEqual({ sent: 1 });
});

/** Postgres as a sender sees it: it can be cut off. */
async function openCuttable(): Promise<{ database: Database; proxy: TcpProxy; close: () => Promise<void> }> {
  const url = new URL(trial.database.url);
  const proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.port = String(proxy.port);
  const database = openDatabase({ url: url.href, applicationName: 'passbook-tests' });
  return {
    database,
    proxy,
    close: async () => {
      await database.close();
      await proxy.stop();
    },
  };
}

test.each<[string, MailReply, RegExp]>([
  ['sent', undefined, /^250 /],
  ['failed', { code: 550, text: 'no such user' }, /^550 no such user/],
])(
  'a sender of whom nothing is heard is unknown to the others, who do not send for half an hour; what it knows later counts: %s',
  async (state, reply, told) => {
    await trial.makeDue(1);
    const { asked, answer } = hangAtEnd(reply);
    const { database, proxy, close } = await openCuttable();
    try {
      const sender = trial.start({ database, onFailure: () => {} });
      await asked;
      proxy.refuse();
      trial.start();
      await trial.settled('unknown');
      expect((await trial.readRows())[0]).toEqual(expect.objectContaining({ attempts: 1, apartMinutes: 30 }));
      answer();
      await proxy.accept();
      expect(await trial.settled(state)).toEqual({ [state]: 1 });
      expect((await trial.readRows())[0]!.reply).toMatch(told);
      await sender.stop();
    } finally {
      await close();
    }
  },
);

test('what came of a mail is stored when Postgres is there again', async () => {
  await trial.makeDue(1);
  const { database, proxy, close } = await openCuttable();
  try {
    const taken = new Promise<void>((resolve) => {
      trial.server.answer((step) => {
        if (step !== 'end') return undefined;
        proxy.refuse();
        resolve();
        return undefined;
      });
    });
    const sender = trial.start({ database, onFailure: () => {} });
    await taken;
    await until('the server has it', () => trial.server.accepted.length === 1);
    expect((await trial.readRows())[0]!.state).toBe('sending');
    await proxy.accept();
    expect(await trial.settled('sent')).toEqual({ sent: 1 });
    await sender.stop();
    await trial.expectSentOnce(1);
  } finally {
    await close();
  }
});

test('a mail that may have arrived twice has no time of a next attempt', async () => {
  await trial.makeDue(2);
  await trial.database.query(
    `update deliveries set state = 'unknown', unknowns = no::integer, attempts = no::integer, reply = 'closed'`,
  );
  const [once, twice] = await listDeliveries(trial.database, 10);
  expect(once!.nextAttemptAt).not.toBe(null);
  expect(twice!.nextAttemptAt).toBe(null);
  expect(await explainWaiting(trial.database)).toBe(null);
});

test('mails that are due and that nobody sends are told, and what to do', async () => {
  await trial.makeDue(2);
  expect(await explainWaiting(trial.database)).toBe(null);
  await trial.database.query(`update deliveries set next_attempt_at = now() - interval '2 minutes'`);
  expect(await explainWaiting(trial.database)).toMatch(/^2 mails wait, and nobody sends them: .* SMTP_URL/);
  await trial.database.query(
    `update deliveries set state = 'deferred', reply = '451 later', next_attempt_at = now()`,
  );
  expect(await explainWaiting(trial.database)).toBe(null);
});
