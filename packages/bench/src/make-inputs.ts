import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { generateRatings, ratingsFileName } from '../../../scripts/generate-ratings.mjs';
import { generateTrades, tradesFileNames } from '../../../scripts/generate-trades.mjs';
import { generateTransactions, type GenerateOptions } from '../../../scripts/generate-transactions.mjs';

/** A file to be imported, and how many rows it has. */
export interface Input {
  path: string;
  rows: number;
}

/** Makes files when they are first asked for, from seeds: the same on each machine. */
export interface Inputs {
  make(name: string, options: GenerateOptions): Promise<Input>;
  /** The first rows of one file in turn with all rows of another one, of the same accounts: as many of each. */
  makeMixed(name: string, one: GenerateOptions, other: GenerateOptions): Promise<Input>;
  /** The files of four rating agencies, each of so many good rows. */
  makeRatings(rows: number): Promise<Input[]>;
  /** Both files of trades: so many good rows of the customers, and what the repository holds of them. */
  makeTrades(rows: number): Promise<Input[]>;
  remove(): Promise<void>;
}

export async function openInputs(): Promise<Inputs> {
  const folder = await mkdtemp(join(tmpdir(), 'passbook-bench-inputs-'));
  const stopping = new AbortController();
  const made = new Map<string, Promise<Input>>();
  const once = (name: string, texts: Iterable<string>, rows: number | (() => number)): Promise<Input> => {
    const path = join(folder, name);
    const write = async (): Promise<void> => {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(Readable.from(texts), createWriteStream(path), { signal: stopping.signal });
    };
    const input =
      made.get(name) ?? write().then(() => ({ path, rows: typeof rows === 'number' ? rows : rows() }));
    made.set(name, input);
    return input;
  };
  return {
    make: (name, options) => once(name, generateTransactions(options), options.accounts * options.operations),
    makeMixed: (name, one, other) => once(name, mixRows(one, other), 2 * other.accounts * other.operations),
    makeRatings: (rows) =>
      Promise.all(
        ['A', 'B', 'C', 'D'].map((agency) =>
          // Their names are theirs: those of other sizes are in other folders.
          once(join(`ratings-${rows}`, ratingsFileName(agency)), generateRatings({ agency, rows }), rows),
        ),
      ),
    makeTrades(rows) {
      const { customer, repository, answers } = generateTrades({ rows });
      const folder = `trades-${rows}`;
      return Promise.all([
        once(join(folder, tradesFileNames.customer), customer, rows),
        once(join(folder, tradesFileNames.repository), repository, () => answers().repository.rows),
      ]);
    },
    async remove() {
      stopping.abort();
      // A file that is just being made would come after the folder is emptied.
      await Promise.allSettled(made.values());
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The header comes first, once. */
export function* mixRows(one: GenerateOptions, other: GenerateOptions): Generator<string> {
  const rows = readRows(generateTransactions(one));
  const header = rows.next().value;
  if (header === undefined) return;
  yield header;
  const others = readRows(generateTransactions(other));
  others.next();
  let piece = '';
  for (const row of others) {
    piece += `${rows.next().value ?? ''}${row}`;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** With their line ends. No cell that the generator writes has one in it. */
function* readRows(pieces: Iterable<string>): Generator<string, undefined> {
  let rest = '';
  for (const piece of pieces) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield `${line}\n`;
  }
}
