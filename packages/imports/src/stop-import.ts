import type { Database } from '@passbook/database';
import type { ReceivedMessage } from '@passbook/contracts';

/** A message that can never be handled, with the import it belongs to where that is known. */
export interface DeadLetter {
  message: ReceivedMessage;
  reason: string;
  importNo: number | null;
  chunkNo: number | null;
}

/**
 * Keeps a message that cannot be handled, as it came, and stops its import: an import with a chunk missing must never be
 * called done. Both or neither. The same message twice is one dead letter.
 */
export async function buryMessage(database: Database, letter: DeadLetter): Promise<void> {
  const { message } = letter;
  await database.withTransaction(async (trx) => {
    await trx.query(
      `insert into dead_letters (import_no, chunk_no, topic, partition, "offset", key, headers, value, reason)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
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

/** Postgres takes any character but this one in a text. Our own messages have none; anybody may write to a topic. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}
