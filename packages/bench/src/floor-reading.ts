import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readRecords } from '@passbook/csv';
import { parse } from 'csv-parse';
import type { Input } from './make-inputs.js';
import { readChunks } from './read-chunks.js';
import type { Values } from './samples.js';

/** As the product reads: a read costs nothing beside its bytes. */
const READ_BYTES = 1024 * 1024;

/** What the steps of the chunker take alone, one after the other, with nobody else at work. */
export async function measureReading({ path, rows }: Input): Promise<Values> {
  const expectRows = (count: number): void => {
    // The header is a record.
    if (count !== rows + 1) throw new Error(`${count} records were read, not ${rows + 1}.`);
  };
  return {
    'reading the bytes': await timed(() => readBytes(path, () => {})),
    'reading and hashing them': await timed(async () => {
      const hash = createHash('sha256');
      await readBytes(path, (bytes) => hash.update(bytes));
      hash.digest();
    }),
    'records by our reader': await timed(async () => expectRows(await countRecords(path))),
    'records by csv-parse': await timed(async () => expectRows(await countByCsvParse(path))),
    'chunks: records, checked and gathered': await timed(async () => {
      let gathered = 0;
      for await (const chunk of readChunks(path)) gathered += chunk.rows;
      expectRows(gathered + 1);
    }),
  };
}

/** @returns seconds */
export async function timed(work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return (performance.now() - since) / 1000;
}

async function readBytes(path: string, see: (bytes: Buffer) => void): Promise<void> {
  for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES })) see(bytes as Buffer);
}

async function countRecords(path: string): Promise<number> {
  let count = 0;
  for await (const { records } of readRecords(path)) count += records.length;
  return count;
}

function countByCsvParse(path: string): Promise<number> {
  let count = 0;
  const parser = parse({ bom: true });
  return new Promise((resolve, reject) => {
    parser.on('data', () => (count += 1));
    parser.once('end', () => resolve(count));
    parser.once('error', reject);
    createReadStream(path, { highWaterMark: READ_BYTES }).once('error', reject).pipe(parser);
  });
}
