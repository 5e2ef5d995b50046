import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFeeds, readFormats } from '@passbook/feeds';
import { makeTestFolder } from '@passbook/testing';
import { fuzz } from './fuzz.js';
import { judgeReading } from './judge-reading.js';
import { readAsProduct, type ProductReading } from './read-as-product.js';

test('files with random faults are read right, held or refused', async () => {
  const told: string[] = [];
  const isRight = await fuzz({ root: '.', inputs: 300, seed: 20_000 }, (line) => void told.push(line));
  expect([isRight, told.at(-1)]).toEqual([true, expect.stringContaining('300 inputs of seed 20000')]);
  expect(told.join()).toMatch(/read as transactions \d+.*refused/);
});

describe('the judge of readings', () => {
  let folder: Awaited<ReturnType<typeof makeTestFolder>>;
  beforeEach(async () => {
    folder = await makeTestFolder();
    await mkdir(join(folder.path, '.claimed'));
  });
  afterEach(() => folder.remove());

  const read = async (path: string): Promise<ProductReading & { kind: 'read' }> => {
    const parts = {
      feeds: makeFeeds({ accountNumberKey: 'a key of these tests' }),
      formats: await readFormats('formats'),
    };
    return (await readAsProduct(path, join(folder.path, '.claimed'), parts)) as ProductReading & {
      kind: 'read';
    };
  };

  test.each([
    'samples/transactions_test.csv',
    'formats/dkb.sample.csv',
    'formats/capital_one.sample.csv',
    'formats/ing_nl.sample.csv',
  ])(
    'sees nothing amiss with %s, and sees a cent, a row that is lost and one that is there twice',
    async (path) => {
      const content = await readFile(path);
      const reading = await read(path);
      expect(judgeReading(reading, content)).toEqual([]);
      const [first, ...others] = reading.taken;
      const aCentMore = { ...first!, amountMinor: first!.amountMinor + 1n };
      const asNegative = { ...first!, amountMinor: -first!.amountMinor };
      expect(judgeReading({ ...reading, taken: [aCentMore, ...others] }, content)).toHaveLength(1);
      expect(judgeReading({ ...reading, taken: [asNegative, ...others] }, content)).toHaveLength(1);
      expect(judgeReading({ ...reading, taken: others }, content)).not.toEqual([]);
      expect(judgeReading({ ...reading, taken: [first!, ...reading.taken] }, content)).not.toEqual([]);
    },
  );

  test('sees a bad row of a transactions file that was taken, and a good one that was refused', async () => {
    const path = 'samples/transactions_test.csv';
    const reading = await read(path);
    const content = (await readFile(path)).toString();
    const spoilt = content.replace(/,[^,\r\n]*(?=\r?\n$)/, ',1e5');
    expect(judgeReading(reading, Buffer.from(spoilt))).toEqual([
      expect.stringMatching(/is bad, and was taken/),
    ]);
    const [first, ...others] = reading.taken;
    const faulty = new Map([[first!.line, [{ column: null, code: 'QUOTE', message: '' }]]]);
    expect(judgeReading({ ...reading, taken: others, faulty }, Buffer.from(content))).toEqual([
      expect.stringMatching(/is good, and was refused: QUOTE/),
    ]);
  });
});
