import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  findViolations,
  makeTestDatabase,
  openTestBrowser,
  transactionRow,
  type TestBrowser,
  type TestDatabase,
} from '@passbook/testing';
import { makeTestApi, type TestApi } from './make-test-api.js';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
let api: TestApi;
let browser: TestBrowser;
let importId: string;
let index: string;
beforeAll(async () => {
  database = await makeTestDatabase();
  house = await makeTestHouse(database);
  const { receipt, reportFolder } = await house.importRows([
    transactionRow({ first: 'Ann' }),
    transactionRow({ amount: 'much' }),
  ]);
  importId = receipt.importId;
  index = `/reports/${encodeURIComponent(basename(reportFolder))}/index.html`;
  api = await makeTestApi(database, house);
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await api.stop();
  await house.remove();
  await database.drop();
});

test.each([
  ['/', 'light'],
  ['/', 'dark'],
  ['/reference', 'light'],
  ['/reference', 'dark'],
] as const)('%s breaks no rule of axe-core (%s)', async (path, scheme) => {
  const page = await browser.openPage({ width: 1_280, scheme });
  await page.goto(api.url + path);
  expect(await findViolations(page)).toEqual([]);
  await page.close();
});

test.each([320, 390, 768, 1_280])(
  'at a width of %i nothing of the page lies beyond its edge',
  async (width) => {
    const page = await browser.openPage({ width });
    await page.goto(api.url);
    const beyond = await page.evaluate<string[]>(
      `[...document.querySelectorAll('main *')].filter((one) => !one.closest('thead') && one.getBoundingClientRect().right > innerWidth)
       .map((one) => one.outerHTML)`,
    );
    expect(beyond).toEqual([]);
    for (const text of ['Quarantined', 'Receipt']) expect(await page.textContent('main')).toContain(text);
    expect(await findViolations(page)).toEqual([]);
    await page.close();
  },
);

test('the page has the note of an import', async () => {
  await database.query('update imports set note = $1', ['Its rows do not count.']);
  const page = await browser.openPage({ width: 1_280 });
  await page.goto(api.url);
  expect(await page.textContent('td.wide')).toContain('Its rows do not count.');
  await page.close();
});

test('an index that the API serves runs its search, and leads to the quarantined rows and the receipt', async () => {
  const page = await browser.openPage({ width: 1_280 });
  await page.goto(api.url + index);
  await page.fill('input[type=search]', 'ann');
  expect(await page.textContent('output')).toBe('1 of 1 found');
  const links = await page.evaluate<string[]>(
    `[...document.links].filter((one) => one.checkVisibility()).map((one) => one.getAttribute('href'))`,
  );
  expect(links).toEqual(
    expect.arrayContaining([
      `/v1/imports/${importId}/receipt`,
      `/v1/imports/${importId}/rows?outcome=quarantined`,
    ]),
  );
  await page.close();
});
