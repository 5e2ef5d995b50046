import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { nameReportFolder, type Receipt } from '@passbook/imports';
import { generateTrades } from '../../scripts/generate-trades.mjs';
import { expectByHand, noSides } from '../house/judge-reconciliation.js';
import { readFile } from '../house/reconcile-by-hand.js';
import { readReconciliation } from '../house/trades.js';
import { declaredSettings, endImports, makeImportScene, type KillTrial } from './kill-trial.js';
import { expectNothingLeft } from './prove-kill-points.js';

/* `npm start -- FILE FILE` with both files of a reconciliation, killed right before or after one of its operations. */

const sideOf = { customer_transactions: 'customer', gtr_report: 'repository' } as const;
type FeedName = keyof typeof sideOf;
const feeds = Object.keys(sideOf) as FeedName[];

const nameOf = (feed: FeedName): string => `${feed}.csv`;

const ROWS = 250;

/** Both files lie there. In the end each row counts once, and each report is what a computation by hand finds. */
export async function makeTradesTrial(seed: number): Promise<KillTrial> {
  const scene = await makeImportScene(declaredSettings);
  const { place, database } = scene;
  const generated = generateTrades({ rows: ROWS, seed, bad: 0.1 });
  const sides = noSides();
  for (const feed of feeds) {
    const text = [...generated[sideOf[feed]]].join('');
    await writeFile(join(place.path, 'imports', nameOf(feed)), text);
    await readFile(sides[sideOf[feed]], [text], nameOf(feed));
  }

  const expectRowsOnce = async (feed: FeedName): Promise<void> => {
    const side = sides[sideOf[feed]];
    const { rows } = await database.query<{ line: number }>(
      `select line::integer from ${feed} order by line`,
    );
    expect(rows.map(({ line }) => line)).toEqual([...side.held.values()].map(({ line }) => line));
    expect(JSON.parse(await place.read(`processed/${nameOf(feed)}.receipt.json`)) as Receipt).toMatchObject({
      rowsRead: side.rows,
      rowsPosted: side.held.size,
      rowsDuplicate: side.duplicate,
      rowsQuarantined: side.invalid,
    });
  };
  const expectReports = async (): Promise<void> => {
    const { rows: loads } = await database.query<{ feed: FeedName; importId: string }>(
      'select l.feed, i.id as "importId" from feed_loads l join imports i on i.no = l.import_no order by l.no',
    );
    expect(loads.map(({ feed }) => feed).sort()).toEqual(feeds);
    // The report of the first load knows of one side only.
    const known = noSides();
    const folders = loads.map(({ feed, importId }) => nameReportFolder(nameOf(feed), importId));
    for (const [at, { feed }] of loads.entries()) {
      known[sideOf[feed]] = sides[sideOf[feed]];
      const reportFolder = join(place.path, 'reports', folders[at]!);
      const reports = (await readdir(reportFolder)).sort();
      expect(reports.filter((name) => name.startsWith('.'))).toEqual([]);
      // What was not begun when the second load was complete leads there.
      if (at === 0 && reports.join() === 'index.html')
        expect(await place.read(`reports/${folders[0]}/index.html`)).toContain(`../${folders[1]}/index.html`);
      else expectByHand(await readReconciliation({ reportFolder, reports }), known);
    }
  };

  return {
    place,
    begin: /^open imports\/customer_transactions/,
    start: (faults) => scene.startWith(feeds.map(nameOf), faults),
    async expectRight() {
      await endImports(scene, feeds.map(nameOf), feeds.length);
      for (const feed of feeds) await expectRowsOnce(feed);
      await expectReports();
      await expectNothingLeft(place);
    },
    remove: () => scene.remove(),
  };
}
