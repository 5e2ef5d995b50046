import { makeFeeds } from '@passbook/feeds';
import { readDeadLetters, type DeadLetter } from '@passbook/imports';
import { discardDeadLetter, replayDeadLetter, type Replay } from '@passbook/processor';
import type { Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { openStoreIfThere } from './open-house.js';
import { renderTable } from './render-table.js';

/** The commands of `passbook dead-letters`; each returns the exit code. */
export interface DeadLetterDesk {
  list(options: { json: boolean }): Promise<number>;
  show(no: number, options: { json: boolean }): Promise<number>;
  replay(nos: readonly number[], options: { json: boolean }): Promise<number>;
  discard(nos: readonly number[]): Promise<number>;
}

const NOTHING = 'There is no dead letter.\n';

/** Lends the desk, on the database of the configuration. On a machine without data it makes none. */
export async function openDeadLetters(
  config: Config,
  log: Logger,
  run: (desk: DeadLetterDesk) => Promise<number>,
): Promise<number> {
  const store = await openStoreIfThere(config, log);
  if (store === null) {
    process.stdout.write(NOTHING);
    return 0;
  }
  const { database } = store;
  const parts = { database, feeds: makeFeeds({ accountNumberKey: null }), log };
  const tell = (text: string): void => void process.stdout.write(text);
  try {
    return await run({
      async list({ json }) {
        const letters = await readDeadLetters(database, null);
        tell(json ? `${JSON.stringify(letters.map(summarise), null, 2)}\n` : renderLetters(letters));
        return 0;
      },
      async show(no, { json }) {
        const [letter] = await readDeadLetters(database, [no]);
        if (!letter) return tellUnknown(no);
        tell(json ? `${JSON.stringify(describe(letter), null, 2)}\n` : renderLetter(letter));
        return 0;
      },
      async replay(nos, { json }) {
        let exitCode = 0;
        for (const no of nos) {
          const replay = await replayDeadLetter(parts, no);
          if (replay.outcome !== 'replayed') exitCode = 1;
          tell(json ? `${JSON.stringify({ no, ...replay })}\n` : renderReplay(no, replay));
        }
        return exitCode;
      },
      async discard(nos) {
        let exitCode = 0;
        for (const no of nos) {
          if (await discardDeadLetter(parts, no)) tell(`Dead letter ${no} is put aside.\n`);
          else exitCode = tellUnknown(no);
        }
        return exitCode;
      },
    });
  } finally {
    await store.close();
  }
}

function tellUnknown(no: number): number {
  process.stderr.write(`There is no dead letter ${no}.\n`);
  return 1;
}

function summarise({ message, ...letter }: DeadLetter): object {
  const { topic, partition, offset, value } = message;
  return { ...letter, topic, partition, offset, bytes: value.length };
}

function describe(letter: DeadLetter): object {
  const { key, headers, value } = letter.message;
  return { ...summarise(letter), key, headers, valueBase64: value.toString('base64') };
}

function renderLetters(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return NOTHING;
  const rows = letters.map(({ no, file, importNo, chunkNo, diedAt, message, reason }) => [
    String(no),
    diedAt,
    file ?? '-',
    importNo === null ? '-' : String(importNo),
    chunkNo === null ? '-' : String(chunkNo),
    `${message.topic} ${message.partition}/${message.offset}`,
    reason,
  ]);
  return renderTable(
    ['no', 'died at', 'file', 'import', 'chunk', 'message', 'reason'],
    rows,
    new Set([0, 3, 4]),
  );
}

function renderLetter(letter: DeadLetter): string {
  const { message, ...about } = letter;
  const fields = { ...summarise(letter), settlement: about.settlement ?? 'open', key: message.key };
  const lines = Object.entries(fields).map(([name, value]) => `${name.padEnd(12)} ${String(value ?? '-')}`);
  const headers = Object.entries(message.headers).map(([name, value]) => `  ${name}: ${value}`);
  return [...lines, 'headers', ...headers, 'value', printable(message.value), ''].join('\n');
}

/** As text without anything that a terminal would obey; what is no text in base64. */
function printable(value: Buffer): string {
  const text = value.toString('utf8');
  const isText = Buffer.from(text).equals(value) && !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text);
  return isText ? text.trimEnd() : `(base64) ${value.toString('base64')}`;
}

function renderReplay(no: number, replay: Replay): string {
  if (replay.outcome === 'unknown') return `There is no dead letter ${no}.\n`;
  if (replay.outcome === 'refused') return `Dead letter ${no} still cannot be handled: ${replay.reason}\n`;
  const complete =
    replay.importNo === null
      ? ''
      : ` Import ${replay.importNo} is complete: the services that run, or the next npm start, move its file and write its reports.`;
  return `Dead letter ${no} is handled.${complete}\n`;
}
