import type { ReceivedMessage } from '@passbook/contracts';
import type { Database, Queryable } from '@passbook/database';
import { lockImport } from './settle-dead-letter.js';

/*
 * Messages that could not be handled, kept as they came, and the imports that stop because of them.
 *
 * A letter is open until it was replayed or discarded. Replaying is what a processor does with a message, once more, so it
 * may be done any number of times: a letter that cannot be handled is buried again, and its import stops again.
 */

/** A message that cannot be handled, with the import it belongs to where that is known. */
export interface BuriedMessage {
  message: ReceivedMessage;
  reason: string;
  importNo: number | null;
  chunkNo: number | null;
}

export interface DeadLetterSummary {
  no: number;
  importNo: number | null;
  chunkNo: number | null;
  /** The name of the import's file. */
  file: string | null;
  diedAt: string;
  /** How often it was buried. */
  deaths: number;
  /** Null while it is open. */
  settlement: 'replayed' | 'discarded' | null;
  reason: string;
  topic: string;
  partition: number;
  offset: string;
  bytes: number;
}

/** With the message as it came. */
export type DeadLetter = DeadLetterSummary & ReceivedMessage;

/**
 * Keeps a message that cannot be handled, and stops its import: an import with a chunk missing must never be called done.
 * Both or neither. The same message twice is one dead letter.
 */
export async function buryMessage(database: Database, letter: BuriedMessage): Promise<void> {
  const { message, importNo } = letter;
  await database.withTransaction(async (trx) => {
    // Before the letter, as whoever settles one does: neither overlooks the other.
    if (importNo !== null) await lockImport(trx, importNo);
    await trx.query(
      `insert into dead_letters (import_no, chunk_no, topic, partition, "offset", key, headers, value, reason)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict on constraint each_letter_once do update
         set deaths = dead_letters.deaths + 1, reason = excluded.reason, settlement = null, settled_at = null`,
      [
        importNo,
        letter.chunkNo,
        message.topic,
        message.partition,
        message.offset,
        withoutNul(message.key),
        Object.fromEntries(Object.entries(message.headers).map((pair) => pair.map(withoutNul))),
        message.value,
        letter.reason,
      ],
    );
    if (importNo === null) return;
    await trx.query(
      `update imports set state = 'stopped', stopped_reason = $2 where no = $1 and state in ('reading', 'chunked')`,
      [importNo, letter.reason],
    );
  });
}

/** Dead letters that one answer holds at most: anybody may write to a topic. */
const LETTERS_MAX = 1_000;

const letterColumns = `
  l.no, l.import_no as "importNo", l.chunk_no as "chunkNo", i.file_name as file, l.died_at as "diedAt", l.deaths,
  l.settlement, l.reason, l.topic, l.partition, l."offset"`;

/** Open dead letters without what they hold, the oldest first; the first thousand. */
export async function listDeadLetters(database: Queryable): Promise<DeadLetterSummary[]> {
  const { rows } = await database.query<DeadLetterSummary>(
    `select ${letterColumns}, octet_length(l.value) as bytes
     from dead_letters l left join imports i on i.no = l.import_no
     where l.settlement is null order by l.no limit $1`,
    [LETTERS_MAX],
  );
  return rows;
}

/** One dead letter, open or not; null when there is no such number. */
export async function readDeadLetter(database: Queryable, no: number): Promise<DeadLetter | null> {
  const { rows } = await database.query<DeadLetter>(
    `select ${letterColumns}, octet_length(l.value) as bytes, l.key, l.headers, l.value
     from dead_letters l left join imports i on i.no = l.import_no where l.no = $1`,
    [no],
  );
  return rows[0] ?? null;
}

/** Postgres takes any character but this one in a text. Our own messages have none; anybody may write to a topic. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}
