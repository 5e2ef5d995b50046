import type { ReceivedMessage } from '@passbook/contracts';
import type { Database, Queryable } from '@passbook/database';

/*
 * Messages that can never be handled, kept as they came, and the imports that stop because of them.
 *
 * A letter is open until it was replayed or discarded. Replaying is what a processor does with a message, once more, so it
 * may be done any number of times: a letter that cannot be handled is buried again, and its import stops again.
 */

/** A message that can never be handled, with the import it belongs to where that is known. */
export interface BuriedMessage {
  message: ReceivedMessage;
  reason: string;
  importNo: number | null;
  chunkNo: number | null;
}

export interface DeadLetter extends BuriedMessage {
  no: number;
  /** The name of the import's file. */
  file: string | null;
  diedAt: string;
  /** How often it was buried. */
  deaths: number;
  /** Null while it is open. */
  settlement: 'replayed' | 'discarded' | null;
}

/**
 * Keeps a message that cannot be handled, and stops its import: an import with a chunk missing must never be called done.
 * Both or neither. The same message twice is one dead letter.
 */
export async function buryMessage(database: Database, letter: BuriedMessage): Promise<void> {
  const { message } = letter;
  await database.withTransaction(async (trx) => {
    await trx.query(
      `insert into dead_letters (import_no, chunk_no, topic, partition, "offset", key, headers, value, reason)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict on constraint each_letter_once do update
         set deaths = dead_letters.deaths + 1, reason = excluded.reason, settlement = null, settled_at = null`,
      [
        letter.importNo,
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
    if (letter.importNo === null) return;
    await trx.query(
      `update imports set state = 'stopped', stopped_reason = $2 where no = $1 and state in ('reading', 'chunked')`,
      [letter.importNo, letter.reason],
    );
  });
}

/** Open dead letters, the oldest first; with numbers, exactly those, open or not. */
export async function readDeadLetters(
  database: Queryable,
  nos: readonly number[] | null,
): Promise<DeadLetter[]> {
  const { rows } = await database.query<Omit<DeadLetter, 'message'> & ReceivedMessage>(
    `select l.no, l.import_no as "importNo", l.chunk_no as "chunkNo", i.file_name as file, l.died_at as "diedAt",
            l.deaths, l.settlement, l.reason, l.topic, l.partition, l."offset", l.key, l.headers, l.value
     from dead_letters l left join imports i on i.no = l.import_no
     where case when $1::integer[] is null then l.settlement is null else l.no = any($1) end order by l.no`,
    [nos],
  );
  return rows.map(({ topic, partition, offset, key, headers, value, ...letter }) => ({
    ...letter,
    message: { topic, partition, offset, key, headers, value },
  }));
}

/** @returns false when the letter was buried again since it was read: then it stays open */
export async function settleDeadLetter(
  database: Queryable,
  { no, deaths }: Pick<DeadLetter, 'no' | 'deaths'>,
  settlement: 'replayed' | 'discarded',
): Promise<boolean> {
  const { rowCount } = await database.query(
    `update dead_letters set settlement = $3, settled_at = now() where no = $1 and deaths = $2`,
    [no, deaths, settlement],
  );
  return rowCount === 1;
}

/** Postgres takes any character but this one in a text. Our own messages have none; anybody may write to a topic. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}
