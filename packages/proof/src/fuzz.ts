import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { makeFeeds, readFormats } from '@passbook/feeds';
import { makeRandom, type Random } from '@passbook/testing';
import { judgeReading } from './judge-reading.js';
import { readAsProduct } from './read-as-product.js';
import { spoilBytes } from './spoil-bytes.js';

export interface FuzzOptions {
  /** The folder of the product, with its samples and formats. */
  root: string;
  inputs: number;
  seed: number;
}

/** A file that the product reads as it is, to be spoilt. */
interface GoodFile {
  name: string;
  bytes: Buffer;
}

/** Each private copy is synced, which takes a disk longer than all the rest. */
const IN_MEMORY = '/dev/shm';

/** An input that takes longer hangs. */
const INPUT_MS_MAX = 10_000;

/** What is told on the way. */
const TELL_EVERY = 10_000;

/** Rows of the sample of transactions that go into one file: small files are spoilt in more places. */
const SAMPLE_LINES = 40;

/**
 * Spoils good files in random ways and reads them as the product does. Each has to be read right, held or refused with a
 * code: never a crash, a row that is not accounted for, or a wrong amount.
 * @returns whether all were
 */
export async function fuzz(
  { root, inputs, seed }: FuzzOptions,
  tell: (line: string) => void,
): Promise<boolean> {
  const formats = await readFormats(join(root, 'formats'));
  const parts = { feeds: makeFeeds({ accountNumberKey: 'the key of this fuzz run' }), formats };
  const files = await listGoodFiles(root);
  const folder = await mkdtemp(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'passbook-fuzz-'));
  const claimed = join(folder, '.claimed');
  await mkdir(claimed);
  const counts = new Map<string, number>();
  const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by);
  let slowestMs = 0;
  const startBytes = process.memoryUsage().rss;
  try {
    for (let at = 0; at < inputs; at++) {
      const random = makeRandom(seed * 1_000_003 + at);
      const { name, bytes } = makeInput(random, files);
      const path = join(folder, name);
      await writeFile(path, bytes);
      const begunMs = performance.now();
      const finding = await readOne(path, claimed, bytes, parts, count);
      const tookMs = performance.now() - begunMs;
      slowestMs = Math.max(slowestMs, tookMs);
      if (finding !== null || tookMs > INPUT_MS_MAX) {
        tell(`input ${at} of seed ${seed} (${path}): ${finding ?? `took ${Math.round(tookMs)} ms`}`);
        return false;
      }
      await rm(path);
      if ((at + 1) % TELL_EVERY === 0) tell(`${at + 1} inputs`);
    }
  } finally {
    await rm(claimed, { recursive: true });
  }
  await rm(folder, { recursive: true });
  const megabytes = (count: number): number => Math.round(count / 1e6);
  tell(
    [...counts]
      .sort()
      .map(([what, times]) => `${what} ${times}`)
      .join(', '),
  );
  tell(
    `${inputs} inputs of seed ${seed}: all read right, held or refused. The slowest took ${Math.round(slowestMs)} ms; memory ${megabytes(startBytes)} MB at the start, ${megabytes(process.memoryUsage().rss)} MB at the end.`,
  );
  return true;
}

async function listGoodFiles(root: string): Promise<GoodFile[]> {
  const sample = (await readFile(join(root, 'samples/transactions_test.csv'), 'utf8')).split('\n');
  const formats = join(root, 'formats');
  const names = (await readdir(formats)).filter((name) => /\.sample[^/]*\.csv$/.test(name)).sort();
  const others = await Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(join(formats, name)) })),
  );
  const transactions = {
    name: 'transactions.csv',
    bytes: Buffer.from(sample.slice(0, SAMPLE_LINES).join('\n') + '\n'),
  };
  // As often as all others together.
  return [...others.map(() => transactions), ...others];
}

function makeInput(random: Random, files: readonly GoodFile[]): GoodFile {
  const { name, bytes } = random.choose(files);
  const spoilt = spoilBytes(bytes, random);
  if (random.between(0, 19) > 0) return { name, bytes: spoilt };
  const packed = gzipSync(spoilt);
  return { name: `${name}.gz`, bytes: random.between(0, 2) === 0 ? spoilBytes(packed, random) : packed };
}

/** @returns what is wrong, or null */
async function readOne(
  path: string,
  claimed: string,
  bytes: Buffer,
  parts: Parameters<typeof readAsProduct>[2],
  count: (what: string, by?: number) => void,
): Promise<string | null> {
  try {
    const reading = await readAsProduct(path, claimed, parts);
    if (reading.kind !== 'read') {
      count(`${reading.kind} ${reading.code}`);
      return null;
    }
    count(`read as ${reading.format?.format.name ?? 'transactions'}`);
    count('rows taken', reading.taken.length);
    count('rows refused', reading.faulty.size);
    for (const { code } of [...reading.faulty.values()].flat()) count(`fault ${code}`);
    const findings = judgeReading(reading, decode(bytes, reading.encoding));
    return findings.length === 0 ? null : findings.slice(0, 3).join('; ');
  } catch (err) {
    return (err as Error).stack ?? String(err);
  }
}

function decode(bytes: Buffer, encoding: string): Buffer {
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return encoding === 'utf-8' ? content : Buffer.from(new TextDecoder(encoding).decode(content));
}
