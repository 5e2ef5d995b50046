import { expect, test } from '@jest/globals';
import type { Queryable } from '@passbook/database';
import type { PostedRow } from '@passbook/feeds';
import fc from 'fast-check';
import { makePostedRowsCache } from './posted-rows-cache.js';

const database = {} as Queryable;

function makeFeed(lines: readonly number[]): {
  looks: number;
  listPosted(
    database: Queryable,
    importNo: number,
    page: { afterLine: number; limit: number },
  ): Promise<PostedRow[]>;
} {
  const rows = lines.map((line) => ({ line, transactionId: `t${line}`, accountId: 1n, last4: null }));
  return {
    looks: 0,
    listPosted(_database, importNo, { afterLine, limit }) {
      this.looks += 1;
      const own = rows.map((row) => ({ ...row, transactionId: `${importNo} ${row.transactionId}` }));
      return Promise.resolve(own.filter((row) => row.line > afterLine).slice(0, limit));
    },
  };
}

test('gives what the feed gives, whatever was asked before', async () => {
  const ask = fc.record({
    importNo: fc.nat(2),
    afterLine: fc.nat(60),
    limit: fc.integer({ min: 1, max: 12 }),
  });
  const lines = fc.uniqueArray(fc.integer({ min: 1, max: 60 })).map((some) => some.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(lines, fc.array(ask), async (present, asks) => {
      const feed = makeFeed(present);
      const cache = makePostedRowsCache(feed, 7);
      for (const { importNo, ...page } of asks) {
        expect(await cache.listPosted(database, importNo, page)).toEqual(
          await feed.listPosted(database, importNo, page),
        );
      }
    }),
  );
});

test('looks once for all pages that one look has', async () => {
  const feed = makeFeed(Array.from({ length: 100 }, (_, at) => at + 2));
  const cache = makePostedRowsCache(feed, 40);
  let afterLine = 0;
  let rows = 0;
  for (;;) {
    const page = await cache.listPosted(database, 1, { afterLine, limit: 10 });
    if (page.length === 0) break;
    rows += page.length;
    afterLine = page.at(-1)!.line;
  }
  expect([rows, feed.looks]).toEqual([100, 3]);
});
