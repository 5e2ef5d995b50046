#!/usr/bin/env node
/**
 * Writes a transactions file: options → a temporary file → its final name → what a receipt of it must say.
 * If we die on the way there is a hidden `.generate-….tmp` beside the place of the file, and nothing under its name.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { expectedReport, generateRatings, ratingsFileName } from './generate-ratings.mjs';
import { generateTrades, tradesFileNames } from './generate-trades.mjs';
import { generateTransactions } from './generate-transactions.mjs';

const help = `Writes a file of bank transactions; the same options give the same bytes.

  npm run generate -- --accounts 10 --operations 100

  --accounts N     how many accounts
  --operations N   how many operations each of them has
  --seed N         0 to 4294967295; another number gives other rows (1)
  --bad SHARE      share of rows that are wrong in some way, 0 to 1 (0)
  --from DAY       first day of the operations (2021-01-01)
  --to DAY         last day of them (2022-12-31)
  --order ORDER    of the rows: shuffled, account or time (shuffled)
  --quoted         put every cell in quotation marks
  --eol ENDS       line ends: crlf or lf (crlf)
  --out FILE       where to (transactions-<accounts>x<operations>.csv, here); replaces the file;
                   - is standard output (then: npm run --silent generate -- …)
  --feed ratings --rows N [--bad SHARE] [--seed N] [--out FOLDER]
                   files of four rating agencies instead, each of so many rows
  --feed trades --rows N [--bad SHARE] [--seed N] [--out FOLDER]
                   the trades of a customer, so many rows, and what a trade repository holds of them

Afterwards it says on standard error what the receipt of the file must show; of ratings and trades, what the report must.
`;

const optionTypes = {
  accounts: { type: 'string' },
  operations: { type: 'string' },
  seed: { type: 'string' },
  bad: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  order: { type: 'string' },
  quoted: { type: 'boolean' },
  eol: { type: 'string' },
  out: { type: 'string' },
  feed: { type: 'string', default: 'transactions' },
  rows: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};

const agencies = ['A', 'B', 'C', 'D'];

/** Of a file of ratings or trades. */
const FEED_ROWS_MAX = 100_000_000;

/** What the user can put right: one sentence, exit code 2. */
class UsageError extends Error {}

try {
  await generate(process.argv.slice(2));
} catch (err) {
  process.stderr.write(`generate: ${err.message}\n`);
  process.exitCode = err instanceof UsageError ? 2 : 1;
}

async function generate(args) {
  const values = readArguments(args);
  if (values.help) return process.stdout.write(help);
  if (values.feed === 'ratings') return writeRatings(readFeedOptions(values));
  if (values.feed === 'trades') return writeTrades(readFeedOptions(values));
  const feedFault = findFeedFault(values);
  if (feedFault) throw new UsageError(feedFault);
  const transactions = prepareTransactions(values);
  if (values.out === '-') {
    if (await writeToStandardOutput(transactions))
      process.stderr.write(describeAnswers(transactions.answers()));
    return;
  }
  const file = values.out ?? `transactions-${Number(values.accounts)}x${Number(values.operations)}.csv`;
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file);
  await writeWhole(path, transactions);
  process.stderr.write(`Wrote ${path}\n${describeAnswers(transactions.answers())}`);
}

function readArguments(args) {
  try {
    return parseArgs({ args, options: optionTypes }).values;
  } catch (err) {
    // Node adds advice to its first sentence that only confuses here.
    throw new UsageError(`${err.message.split(/\.\s/)[0].replace(/\.$/, '')} (see --help).`, { cause: err });
  }
}

function findFeedFault({ feed, rows }) {
  if (feed !== 'transactions') return `--feed must be transactions, ratings or trades, not ${feed}.`;
  return rows === undefined
    ? null
    : '--rows is for other feeds: a transactions file takes --accounts and --operations.';
}

function readFeedOptions({ rows, bad = '0', seed = '1', out = '.' }) {
  const count = Number(rows);
  if (rows === undefined || !Number.isInteger(count) || count < 0 || count > FEED_ROWS_MAX)
    throw new UsageError(`--rows must be a whole number up to ${FEED_ROWS_MAX} (see --help).`);
  if (!(Number(bad) >= 0 && Number(bad) <= 1)) throw new UsageError('--bad must be a share from 0 to 1.');
  if (!/^\d{1,9}$/.test(seed)) throw new UsageError('--seed must be a whole number.');
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), out);
  return { options: { rows: count, bad: Number(bad), seed: Number(seed) }, folder };
}

async function writeRatings({ options, folder }) {
  const all = [];
  for (const agency of agencies) {
    const ratings = generateRatings({ agency, ...options });
    await writeWhole(join(folder, ratingsFileName(agency)), ratings);
    all.push(ratings.answers());
  }
  process.stderr.write(
    `Wrote the files of four agencies to ${folder}\nWhen all are loaded, the report must be:\n${expectedReport(all)}`,
  );
}

async function writeTrades({ options, folder }) {
  const trades = generateTrades(options);
  for (const [side, name] of Object.entries(tradesFileNames))
    await writeWhole(join(folder, name), trades[side]);
  process.stderr.write(
    `Wrote ${Object.values(tradesFileNames).join(' and ')} to ${folder}\nWhen both are loaded, the reconciliation must find:\n${JSON.stringify(trades.answers(), null, 2)}\n`,
  );
}

function prepareTransactions(values) {
  for (const name of ['accounts', 'operations']) {
    if (values[name] === undefined) throw new UsageError(`--${name} N is missing (see --help).`);
  }
  const options = { ...values };
  for (const name of ['accounts', 'operations', 'seed', 'bad']) {
    const text = values[name];
    if (text === undefined) continue;
    if (!/^\d+(\.\d+)?$/.test(text))
      throw new UsageError(`--${name} must be a number, not ${JSON.stringify(text)}.`);
    options[name] = Number(text);
  }
  try {
    return generateTransactions(options);
  } catch (err) {
    if (err instanceof RangeError) throw new UsageError(`--${err.message}`, { cause: err });
    throw err;
  }
}

/** @returns false where the reader went away before the end (`| head`), which is nobody's fault */
async function writeToStandardOutput(pieces) {
  try {
    await pipeline(Readable.from(pieces), process.stdout);
    return true;
  } catch (err) {
    if (err.code === 'EPIPE') return false;
    throw err;
  }
}

/** The file appears under its name when it is complete, or not at all. */
async function writeWhole(path, pieces) {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new UsageError(
      `--out ${path} is not a file that can be replaced (--out - writes to standard output).`,
    );
  }
  const temporary = join(dirname(path), `.generate-${randomUUID()}.tmp`);
  const discard = () => rmSync(temporary, { force: true });
  const interrupt = (signal) => {
    discard();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.from(pieces), createWriteStream(temporary, { flags: 'wx' }));
    await rename(temporary, path);
  } catch (err) {
    discard();
    throw new Error(`${path} could not be written: ${err.message}`, { cause: err });
  }
}

function describeAnswers({ rows, goodRows, badRows, accountCount, net }) {
  const lines = {
    rowsRead: rows,
    rowsPosted: goodRows,
    rowsQuarantined: badRows,
    accounts: accountCount,
    amountPosted: net,
  };
  const width = Math.max(...Object.values(lines).map((value) => String(value).length));
  const table = Object.entries(lines).map(
    ([name, value]) => `  ${name.padEnd(16)}${String(value).padStart(width)}\n`,
  );
  return `The receipt of this file must show:\n${table.join('')}`;
}
