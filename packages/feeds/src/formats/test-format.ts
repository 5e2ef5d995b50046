import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { makeContentInspector } from '@passbook/csv';
import type { Chunking } from '@passbook/imports';
import { currencyDecimals, formatAmount, readTransactionRow, ROW_BYTES } from '@passbook/ledger';
import { UserError } from '@passbook/runtime';
import type { Feed } from '../feed.js';
import { readRows } from '../read-rows.js';
import { decodeChunkPayload } from '../transactions/chunk-payload.js';
import { decideFormat } from './decide-format.js';
import type { Format } from './format.js';

/*
 * A format ships with samples and the rows that they must give: `<name>.sample*.csv` and `<name>.expected*.json`.
 */

/** A row of a sample: what it becomes, or the codes of its faults. */
type SampleRow =
  | {
      line: number;
      /** The last four characters. */
      account: string;
      id: string;
      /** RFC 3339 in UTC. */
      occurredAt: string;
      amount: string;
      currency: string;
      name?: string;
      email?: string;
    }
  | { line: number; faults: string[] };

/** Reads a sample in the way of any dropped file, in UTC and USD. @throws UserError when the file would be held */
async function readSample(path: string, format: Format, feed: Feed): Promise<SampleRow[]> {
  const inspector = makeContentInspector(Number.MAX_SAFE_INTEGER);
  await inspector.push(await readFile(path));
  const facts = await inspector.end();
  const { problem } = facts;
  if (problem)
    throw new UserError(`${path} cannot be read, ${problem.code}: ${problem.message} ${problem.hint}`);
  // A format may ask for the name of the file: `my_bank.sample-Export_4321.csv` stands for `Export_4321.csv`.
  const fileName = basename(path).replace(new RegExp(`^${format.name}\\.sample-`), '');
  const decision = await decideFormat(
    { path, fileName, facts },
    { formats: [format], feeds: [feed], amiss: Infinity },
    new AbortController().signal,
  );
  if (decision.kind === 'held') {
    const { code, message, hint } = decision.hold;
    throw new UserError(`${fileName} would be held, ${code}: ${message} ${hint}`);
  }
  if (decision.kind === 'format' && facts.faultAt[decision.decoding.encoding] !== null)
    throw new UserError(`${fileName} would be refused, ENCODING: it is not ${decision.decoding.encoding}.`);
  if (decision.kind === 'none') throw new UserError(`${fileName} is not of the format ${format.name}.`);
  const chunking: Chunking = {
    version: 0,
    timeZone: 'UTC',
    currency: 'USD',
    windowRows: 0,
    format: decision.fileFormat,
    decoding: decision.decoding,
  };
  const sample: SampleRow[] = [];
  let reader;
  for await (const { rows } of readRows(path, chunking)) {
    while (rows.next()) {
      reader ??= feed.makeRowReader(rows.header, chunking);
      const record = rows.record();
      const faults = reader.take(record);
      if (faults) sample.push({ line: record.line, faults: faults.map(({ code }) => code) });
    }
  }
  for (const { payload } of reader?.drain() ?? []) sample.push(...describeRows(payload));
  return sample.sort((a, b) => a.line - b.line);
}

function describeRows(payload: Buffer): SampleRow[] {
  return decodeChunkPayload(payload).flatMap(({ account, rows }) => {
    const { firstName, lastName, email } = account.holder;
    const name = [firstName, lastName].filter((part) => part !== null).join(' ');
    const holder = { ...(name !== '' && { name }), ...(email !== null && { email }) };
    return Array.from({ length: account.rows }, (_, row) => {
      const { line, id, occurredAt, amountMinor } = readTransactionRow(rows, row * ROW_BYTES);
      const amount = formatAmount(amountMinor, currencyDecimals(account.currency));
      return { line, account: account.last4, id, occurredAt, amount, currency: account.currency, ...holder };
    });
  });
}

/** Samples of a format and what they must give. @returns the differences, none where all is well */
export async function testFormat(folder: string, format: Format, feed: Feed): Promise<string[]> {
  const samples = await listSamples(folder, format);
  if (samples.length === 0) return [`There is no ${format.name}.sample.csv beside it.`];
  const differences: string[] = [];
  for (const sample of samples) {
    const given = await readSample(join(folder, sample), format, feed);
    const expected = await readExpected(join(folder, expectedName(sample)));
    differences.push(...compareRows(sample, given, expected));
  }
  return differences;
}

/** Writes what the samples of a format give as what is expected of them: a person has to look at it. */
export async function updateExpected(folder: string, format: Format, feed: Feed): Promise<void> {
  for (const sample of await listSamples(folder, format)) {
    const rows = await readSample(join(folder, sample), format, feed);
    const lines = rows.map((row) => `  ${JSON.stringify(row)}`);
    await writeFile(join(folder, expectedName(sample)), `[\n${lines.join(',\n')}\n]\n`);
  }
}

async function listSamples(folder: string, { name }: Format): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.startsWith(`${name}.sample`)).sort();
}

/** `dkb.sample.csv` → `dkb.expected.json`; `dkb.sample-2.csv` → `dkb.expected-2.json` */
function expectedName(sample: string): string {
  return sample.replace(/\.sample(.*?)(\.[^.]*)?$/, '.expected$1.json');
}

async function readExpected(path: string): Promise<SampleRow[]> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SampleRow[];
  } catch (err) {
    throw new UserError(`${path} cannot be read: ${(err as Error).message}`, { cause: err });
  }
}

function compareRows(sample: string, given: readonly SampleRow[], expected: readonly SampleRow[]): string[] {
  const lines = [...new Set([...given, ...expected].map(({ line }) => line))].sort((a, b) => a - b);
  return lines.flatMap((line) => {
    const [is, shall] = [given, expected].map((rows) => rows.filter((row) => row.line === line));
    if (isDeepStrictEqual(is, shall)) return [];
    return [`${sample}, line ${line}: ${JSON.stringify(is)}, expected ${JSON.stringify(shall)}`];
  });
}
