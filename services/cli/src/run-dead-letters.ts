import { isRefusedData } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import { listDeadLetters, readDeadLetter, type DeadLetter, type DeadLetterSummary } from '@passbook/imports';
import { discardDeadLetter, replayDeadLetter, type Replay } from '@passbook/processor';
import type { Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { withDatabaseIfThere } from './open-house.js';
import { renderTable } from './render-table.js';

/** The commands of `passbook dead-letters`; each returns the exit code. */
export interface DeadLetterDesk {
  list(options: { json: boolean }): Promise<number>;
  show(no: number, options: { json: boolean }): Promise<number>;
  replay(nos: readonly number[], options: { json: boolean }): Promise<number>;
  discard(nos: readonly number[]): Promise<number>;
}

type DeskParts = Parameters<typeof replayDeadLetter>[0];

const NOTHING = 'There is no dead letter.\n';

/** Lends the desk, on the database of the configuration. On a machine without data it makes none. */
export async function openDeadLetters(
  config: Config,
  log: Logger,
  run: (desk: DeadLetterDesk) => Promise<number>,
): Promise<number> {
  return withDatabaseIfThere(config, log, (database, feeds) =>
    run(database === null ? emptyDesk : makeDesk({ database, feeds, log })),
  );
}

function makeDesk(parts: DeskParts): DeadLetterDesk {
  const { database } = parts;
  return {
    async list({ json }) {
      const letters = await listDeadLetters(database);
      tell(json ? `${JSON.stringify(letters, null, 2)}\n` : renderLetters(letters));
      return 0;
    },
    async show(no, { json }) {
      const letter = await readDeadLetter(database, no);
      if (!letter) return tellUnknown(no);
      tell(json ? `${JSON.stringify(describe(letter), null, 2)}\n` : renderLetter(letter, parts.feeds));
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
        const discard = await discardDeadLetter(parts, no);
        if (discard === 'unknown') exitCode = tellUnknown(no);
        else if (discard === 'discarded') tell(`Dead letter ${no} is put aside.\n`);
        else {
          exitCode = 1;
          tell(`Dead letter ${no} came again just now, and stays open.\n`);
        }
      }
      return exitCode;
    },
  };
}

/** Of a machine without data. */
const emptyDesk: DeadLetterDesk = {
  list({ json }) {
    tell(json ? '[]\n' : NOTHING);
    return Promise.resolve(0);
  },
  show: (no) => Promise.resolve(tellUnknown(no)),
  replay: (nos) => Promise.resolve(Math.max(...nos.map(tellUnknown))),
  discard: (nos) => Promise.resolve(Math.max(...nos.map(tellUnknown))),
};

function tell(text: string): void {
  process.stdout.write(text);
}

function tellUnknown(no: number): number {
  process.stderr.write(`There is no dead letter ${no}.\n`);
  return 1;
}

function describe({ value, ...letter }: DeadLetter): object {
  return { ...letter, valueBase64: value.toString('base64') };
}

function renderLetters(letters: readonly DeadLetterSummary[]): string {
  if (letters.length === 0) return NOTHING;
  const rows = letters.map(({ no, file, importNo, chunkNo, diedAt, topic, partition, offset, reason }) => [
    String(no),
    diedAt,
    file ?? '-',
    importNo === null ? '-' : String(importNo),
    chunkNo === null ? '-' : String(chunkNo),
    `${topic} ${partition}/${offset}`,
    printable(reason),
  ]);
  return renderTable(
    ['no', 'died at', 'file', 'import', 'chunk', 'message', 'reason'],
    rows,
    new Set([0, 3, 4]),
  );
}

function renderLetter({ value, headers, ...letter }: DeadLetter, feeds: readonly Feed[]): string {
  const fields = { ...letter, settlement: letter.settlement ?? 'open' };
  const lines = Object.entries(fields).map(
    ([name, field]) => `${name.padEnd(12)} ${printable(String(field ?? '-'))}`,
  );
  const shown = Object.entries(headers).map(([name, header]) => `  ${printable(name)}: ${printable(header)}`);
  return [
    ...lines,
    'headers',
    ...shown,
    'value',
    printableValue(
      value,
      feeds.find((feed) => feed.name === headers.feed),
    ),
    '',
  ].join('\n');
}

/** What is neither a chunk nor text is shown in base64. */
function printableValue(value: Buffer, feed: Feed | undefined): string {
  const text = printChunk(value, feed) ?? value.toString('utf8');
  const isText = !text.includes('\0') && !text.includes('\ufffd');
  return isText
    ? text.trimEnd().split('\n').map(printable).join('\n')
    : `(base64) ${value.toString('base64')}`;
}

/** @returns null when the value is no chunk of this feed: that may be why it is a dead letter */
function printChunk(value: Buffer, feed: Feed | undefined): string | null {
  try {
    return feed?.printPayload(value) ?? null;
  } catch (err) {
    if (isRefusedData(err)) return null;
    throw err;
  }
}

/** Without anything that a terminal would obey: anybody may write to a topic. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, '\ufffd');
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
