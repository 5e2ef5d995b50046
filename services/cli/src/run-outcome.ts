import { pipeline } from 'node:stream/promises';
import { encodeCsvRecord } from '@passbook/csv';
import type { Queryable } from '@passbook/database';
import { readOutcomes, type Feed, type RowOutcome } from '@passbook/feeds';
import type { Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { UNKNOWN } from './find-file.js';
import { findImport, type NamedImport } from './find-import.js';
import { withDatabaseIfThere } from './open-house.js';

const columns = [
  'line',
  'outcome',
  'transaction',
  'account',
  'last4',
  'duplicate_of_import',
  'duplicate_of_line',
  'column',
  'code',
];

/**
 * `passbook outcome IMPORT`: what became of every row of a file, in the order of its lines, as CSV or one JSON object on a
 * line. Its counts are those of the receipt.
 * @returns 0; 1 when there is no outcome of all rows, and stderr says why; 2 when nothing is known of the import
 * @throws UserError
 */
export async function runOutcome(
  named: string,
  options: { json: boolean },
  config: Config,
  log: Logger,
): Promise<number> {
  return withDatabaseIfThere(config, log, async (database, feeds) => {
    const found = database && (await findImport(database, named, config));
    if (!found) {
      say(`Nothing is known of ${named}: it is no import, and no file of that name was imported.`);
      return UNKNOWN;
    }
    const { one, file } = found;
    if (file && (file.others > 0 || file.isChanged))
      say(
        `There is more than one file of that name: these are the rows of ${file.drop.path}, dropped at ${file.drop.droppedAt}.`,
      );
    const feed = feeds.find((candidate) => candidate.name === one.feed);
    await database.withConnection((connection) => print(renderOutcomes(connection, feed, found, options)));
    if ((await feed?.versions?.keepsRows(database, one.no)) !== false) return tellState(found);
    say(
      `The posted rows of ${one.fileName} are deleted: later files replaced them, and only the present version and the one before it are kept. The rows above are those that were not posted; the receipt has the counts of all.`,
    );
    return 1;
  });
}

/** @returns the exit code */
function tellState({ one, file }: NamedImport): number {
  if (one.state === 'loaded') return 0;
  if (one.state === 'refused') {
    say(`${file ? file.drop.path : one.fileName} was refused: none of its rows was posted.`);
  } else {
    say(`The import is ${one.state}: these are the rows that are accounted for so far.`);
  }
  return 1;
}

/** @param feed null or unknown of a file that was refused: it has no rows */
async function* renderOutcomes(
  connection: Queryable,
  feed: Feed | undefined,
  { one, file }: NamedImport,
  { json }: { json: boolean },
): AsyncGenerator<string> {
  if (!json) yield encodeCsvRecord(columns);
  if (!feed) return;
  for await (const part of readOutcomes(connection, feed, one.no)) {
    const outcomes = file?.drop.isRepeat ? part.map((row) => ofRepeat(row, one.id)) : part;
    yield outcomes.map(json ? renderJson : renderCsv).join('');
  }
}

/** Of bytes that were dropped once more, no row was posted: as its receipt says, each repeats what was posted then. */
function ofRepeat(row: RowOutcome, importId: string): RowOutcome {
  if (row.outcome !== 'posted') return row;
  return { ...row, outcome: 'duplicate', transaction: null, duplicateOf: { importId, line: row.line } };
}

function renderJson(row: RowOutcome): string {
  return `${JSON.stringify(row)}\n`;
}

function renderCsv({ line, outcome, transaction, duplicateOf, faults }: RowOutcome): string {
  const isQuarantined = outcome === 'quarantined';
  return encodeCsvRecord([
    String(line),
    outcome,
    transaction?.id ?? '',
    transaction?.accountId ?? '',
    transaction?.last4 ?? '',
    duplicateOf?.importId ?? '',
    duplicateOf ? String(duplicateOf.line) : '',
    isQuarantined ? faults.map((fault) => fault.column ?? '').join(';') : '',
    isQuarantined ? faults.map((fault) => fault.code).join(';') : '',
  ]);
}

/** Waits for whoever takes it: nothing is heaped up here. Who wanted only the beginning has closed the other end. */
async function print(texts: AsyncGenerator<string>): Promise<void> {
  try {
    await pipeline(texts, process.stdout, { end: false });
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EPIPE') throw err;
  } finally {
    // The connection is not given back before its cursor is closed.
    await texts.return(undefined);
  }
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
