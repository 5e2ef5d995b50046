import { expect } from '@jest/globals';
import {
  newAccountNumber,
  startTestMailServer,
  transactionRow,
  transactionsFile,
  until,
  type TestMailServer,
} from '@passbook/testing';
import { makeWatchTrial, type WatchTrial } from './watch-trial.js';
import { listKillPoints, readOperations, showPoint, type KillPoint } from './watched-process.js';

/* `npm start` with a mail server, killed (-9) at an exact moment of a mail; the next start ends what is left. */

const MAILS = 6;

/** A process has so many connections, and one mail in hand on each. */
const IN_HAND_MAX = 3;

interface MailTrial {
  trial: WatchTrial;
  server: TestMailServer;
  settings: Record<string, string>;
  drop: () => Promise<void>;
  hasSettled: () => Promise<boolean>;
  remove: () => Promise<void>;
}

async function makeMailTrial(): Promise<MailTrial> {
  const trial = await makeWatchTrial();
  const server = await startTestMailServer();
  const rows = Array.from({ length: MAILS }, () => transactionRow({ account: newAccountNumber() }));
  return {
    trial,
    server,
    settings: { SMTP_URL: server.url, MAIL_FROM: 'passbook@example.com', UNKNOWN_DELIVERY: 'hold' },
    drop: () => trial.drop('small.csv', transactionsFile(rows)),
    hasSettled: async () => {
      const { rows: found } = await trial.database.query<{ count: bigint }>(
        `select count(*) from deliveries where state in ('sent', 'unknown')`,
      );
      return Number(found[0]!.count) === MAILS;
    },
    remove: async () => {
      await trial.remove();
      await server.stop();
    },
  };
}

/** The moments before and after each thing that an undisturbed run does to deliveries, the first time that it does it. */
export async function findMailKillPoints(): Promise<KillPoint[]> {
  const { trial, settings, drop, hasSettled, remove } = await makeMailTrial();
  try {
    await trial.start({ begin: /small/ }, settings);
    await drop();
    await until('all mails are sent', hasSettled);
    const operations = await readOperations(trial.place, 'operations');
    return listKillPoints(operations).filter(({ name, nth }) => name.includes('deliveries') && nth === 1);
  } finally {
    await remove();
  }
}

/** Kills the process there, or as soon as the server has the first whole mail, which it accepts or loses. */
export async function proveMailKill(at: KillPoint | 'accepted' | 'lost'): Promise<void> {
  const { trial, server, settings, drop, hasSettled, remove } = await makeMailTrial();
  try {
    const kill = typeof at === 'object' ? { kill: { ...at, signal: 'SIGKILL' as const } } : {};
    const running = await trial.start({ begin: /small/, ...kill }, settings);
    if (typeof at === 'string') {
      server.answer((step) => {
        if (step !== 'end') return undefined;
        running.process.kill('SIGKILL');
        return at === 'accepted' ? 'accept and close' : 'close';
      });
    }
    await drop();
    expect((await running.finished).signal).toBe('SIGKILL');
    server.answer(() => undefined);
    await trial.start(undefined, settings);
    await until('every mail is sent, or unknown', hasSettled);
    await expectEachOnce(trial, server);
  } catch (err) {
    const what = typeof at === 'string' ? at : showPoint(at);
    throw new Error(`${what}: ${(err as Error).message}`, { cause: err });
  } finally {
    await remove();
  }
}

async function expectEachOnce({ database }: WatchTrial, server: TestMailServer): Promise<void> {
  const { rows } = await database.query<{ state: string; messageId: string }>(
    'select state, message_id as "messageId" from deliveries',
  );
  const copies = (messageId: string): number =>
    server.accepted.filter((mail) => mail.messageId === messageId).length;
  for (const { state, messageId } of rows) {
    if (state === 'sent') expect([messageId, copies(messageId)]).toEqual([messageId, 1]);
    else expect(copies(messageId)).toBeLessThanOrEqual(1);
  }
  expect(rows.filter(({ state }) => state === 'unknown').length).toBeLessThanOrEqual(IN_HAND_MAX);
}
