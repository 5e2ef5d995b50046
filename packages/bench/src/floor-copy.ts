import { randomUUID } from 'node:crypto';
import { copyIn, openDatabase } from '@passbook/database';
import { migrateDatabase } from '@passbook/service';
import { generateTransactions, type GenerateOptions } from '../../../scripts/generate-transactions.mjs';
import { timed } from './floor-reading.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';

/** Account and holder; id; time; amount. The last three cells never need quotation marks. */
const row = /^(.*),([0-9a-f-]{36}),(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(-?\d+(?:\.\d{1,2})?)$/;

/** What Postgres alone takes for the rows: one COPY into the empty table of the ledger, with its key and its index. */
export async function measureCopy({ postgres, closers }: Servers, options: GenerateOptions): Promise<Values> {
  const pieces = [...encodeRows(generateTransactions({ ...options, order: 'account' }))];
  const name = `bench_copy_${randomUUID().slice(0, 8)}`;
  await postgres.create(name, null);
  try {
    const database = openDatabase({ url: postgres.url(name), applicationName: 'bench', connectionsMax: 1 });
    try {
      await migrateDatabase(database);
      await postgres.calm();
      const seconds = await timed(async () => {
        const copied = await database.withTransaction((trx) =>
          copyIn(
            trx,
            'copy transactions (account_id, import_no, id, occurred_at, amount_minor, line) from stdin',
            pieces,
          ),
        );
        const rows = options.accounts * options.operations;
        if (copied !== rows) throw new Error(`${copied} rows were copied, not ${rows}.`);
      });
      return { 'one COPY, rows grouped by account': seconds };
    } finally {
      await database.close();
    }
  } finally {
    if (!closers.isClosing()) await postgres.drop(name);
  }
}

/** Rows of a file that is sorted by account, as the text form of COPY. */
export function* encodeRows(pieces: Iterable<string>): Generator<Buffer> {
  let rest = '';
  let line = 0;
  let account = 0;
  let holder = '';
  for (const piece of pieces) {
    const lines = `${rest}${piece}`.split('\r\n');
    rest = lines.pop()!;
    let text = '';
    for (const one of lines) {
      line += 1;
      const [, beginning, id, time, amount] = row.exec(one) ?? [];
      // The header.
      if (beginning === undefined) continue;
      if (beginning !== holder) account += 1;
      holder = beginning;
      text += `${account}\t1\t${id}\t${time}+00\t${Math.round(Number(amount) * 100)}\t${line}\n`;
    }
    yield Buffer.from(text);
  }
}
