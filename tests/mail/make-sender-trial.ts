import { randomUUID } from 'node:crypto';
import type { Letter, Sender } from '@passbook/mail';
import { makeDeliveriesDue, startSender } from '@passbook/mail';
import { makeLogger, readSettings } from '@passbook/runtime';
import {
  makeTestDatabase,
  startTestMailServer,
  until,
  type TestDatabase,
  type TestMailServer,
} from '@passbook/testing';
import { expect } from '@jest/globals';

type SenderParts = Parameters<typeof startSender>[0];

/** A delivery as it is stored. */
export interface DeliveryRow {
  no: bigint;
  state: string;
  attempts: number;
  isHeld: boolean;
  reply: string | null;
  /** From now to its next attempt, and from its first one to it: what was stored is between the two. */
  waitsMinutes: number;
  apartMinutes: number;
}

/** Mails of an import, a real mail server, and senders between them. */
export interface SenderTrial {
  database: TestDatabase;
  server: TestMailServer;
  /** Another one takes its place. */
  replaceServer(server: Promise<TestMailServer>): Promise<void>;
  /** Makes mails of the accounts 1 to count due. */
  makeDue(count: number): Promise<void>;
  makeDueOf(accountId: bigint): Promise<void>;
  /** Renders the letters of this trial in this way. */
  write(text: string): void;
  start(change?: Partial<SenderParts>): Sender;
  readRows(): Promise<DeliveryRow[]>;
  /** Waits until each delivery is in one of these states. @returns how many are in each */
  settled(...states: string[]): Promise<Record<string, number>>;
  /** As if the time of the next attempt had come. */
  comeAgain(sender: Sender): Promise<void>;
  /** That what the server accepted is what is sent, each once. */
  expectSentOnce(count: number): Promise<void>;
  /** Ends all of it. Nothing may have failed. */
  remove(): Promise<void>;
}

export const addressOf = (accountId: bigint): string => `holder-${accountId}@example.com`;
export const messageIdOf = (accountId: bigint): string => `account-${accountId}.import@passbook.invalid`;

export const withUrl = (url: string): Pick<SenderParts, 'server'> => ({
  server: readSettings({ SMTP_URL: url }, ['SMTP_URL']).SMTP_URL!,
});

/** Long enough for a server that waits for a test, on any machine. */
const patient = { connectMs: 600_000, silenceMs: 600_000, beforeDataMs: 600_000, wholeMs: 600_000 };
/** For a server that never answers: the shortest in which a mail gets to its end on a busy machine. */
export const impatient = { ...patient, silenceMs: 3_000 };

export async function makeSenderTrial(): Promise<SenderTrial> {
  const database = await makeTestDatabase();
  const { rows: imports } = await database.query<{ no: number }>(
    `insert into imports (id, file_name, sha256, size_bytes, locale, state)
     values ($1, 'small.csv', '', 0, 'en-US', 'reading') returning no`,
    [randomUUID()],
  );
  const importNo = imports[0]!.no;
  const senders: Sender[] = [];
  const failures: unknown[] = [];
  let text = 'Closing balance  $1.00\r\n';
  const makeDueOf = (...accounts: bigint[]): Promise<void> =>
    database.withTransaction((trx) =>
      makeDeliveriesDue(
        trx,
        importNo,
        accounts.map((accountId) => ({ accountId, address: addressOf(accountId) })),
      ),
    );
  const readRows = async (): Promise<DeliveryRow[]> => {
    const { rows } = await database.query<DeliveryRow & { [name: string]: unknown }>(
      `select no, state, attempts, is_held as "isHeld", reply,
              (extract(epoch from next_attempt_at - now()) / 60)::double precision as "waitsMinutes",
              (extract(epoch from next_attempt_at - first_attempt_at) / 60)::double precision as "apartMinutes"
       from deliveries order by no`,
    );
    return rows;
  };
  const trial: SenderTrial = {
    database,
    server: await startTestMailServer(),
    async replaceServer(another) {
      await trial.server.stop();
      trial.server = await another;
    },
    makeDue: (count) => makeDueOf(...Array.from({ length: count }, (_, at) => BigInt(at + 1))),
    makeDueOf,
    write(other) {
      text = other;
    },
    start(change = {}) {
      const sender = startSender({
        database,
        ...withUrl(trial.server.url),
        from: { name: 'Passbook', address: 'passbook@example.com' },
        renderLetters: (_importNo, accountIds) => renderLetters(accountIds, text),
        retry: { retryDelaysMs: [300_000, 1_800_000], giveUpMs: 345_600_000 },
        isUnknownResent: true,
        mailsPerMinute: 600_000,
        limits: patient,
        log: makeLogger('silent'),
        onFailure: (err) => void failures.push(err),
        ...change,
      });
      senders.push(sender);
      return sender;
    },
    readRows,
    async settled(...states) {
      const rows = await until(`all are ${states.join(' or ')}`, async () => {
        const found = await readRows();
        return found.length > 0 && found.every(({ state }) => states.includes(state)) && found;
      });
      const counts: Record<string, number> = {};
      for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
      return counts;
    },
    async comeAgain(sender) {
      await database.query(
        'update deliveries set next_attempt_at = now(), lease_until = least(lease_until, now())',
      );
      sender.wake();
    },
    async expectSentOnce(count) {
      const { rows } = await database.query<{ accountId: bigint }>(
        `select account_id as "accountId" from deliveries where state = 'sent' order by account_id`,
      );
      expect(rows).toHaveLength(count);
      const accepted = trial.server.accepted.map(({ messageId }) => messageId).sort();
      expect(accepted).toEqual(rows.map(({ accountId }) => messageIdOf(accountId)).sort());
    },
    async remove() {
      await Promise.all(senders.map((sender) => sender.stop()));
      await trial.server.stop();
      await database.drop();
      expect(failures).toEqual([]);
    },
  };
  return trial;
}

// eslint-disable-next-line @typescript-eslint/require-await
export async function* renderLetters(
  accountIds: readonly bigint[],
  text: string,
): AsyncGenerator<{ accountId: bigint; letter: Letter }> {
  for (const accountId of accountIds) {
    yield {
      accountId,
      letter: {
        messageId: messageIdOf(accountId),
        date: new Date('2021-01-31T23:30:00Z'),
        to: { name: 'Janet Shields', address: addressOf(accountId) },
        subject: 'Your account statement',
        text: Buffer.from(text),
        html: Buffer.from('<p>Closing balance $1.00</p>\r\n'),
        attachments: [],
      },
    };
  }
}
