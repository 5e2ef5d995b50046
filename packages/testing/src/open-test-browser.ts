import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.js';

type Scheme = 'light' | 'dark';

export interface TestBrowser {
  /** A new page of the given width. */
  openPage(options: { width: number; scheme?: Scheme }): Promise<Page>;
  close(): Promise<void>;
}

/** As long as tests wait for anything else: on a busy machine a browser needs more than its own half minute. */
const DEADLINE_MS = 120_000;

/** A Chromium without a window. @throws with the way out where there is none */
export async function openTestBrowser(): Promise<TestBrowser> {
  const { path, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath: path,
    timeout: DEADLINE_MS,
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      // In a container it is often too small for a long page.
      '--disable-dev-shm-usage',
    ],
  });
  return {
    async openPage({ width, scheme = 'light' }) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
      page.setDefaultTimeout(DEADLINE_MS);
      return page;
    },
    close: () => browser.close(),
  };
}

/** What axe-core finds wrong with a page: the rule and the elements, one line each. Contrast is among its rules. */
export async function findViolations(page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}
