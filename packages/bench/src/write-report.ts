import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from './judge.js';
import { renderReport } from './render-report.js';
import type { Report } from './report.js';

/** Writes what is known by now, for people and for programs. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  const results = judge(report.samples, report.only);
  await writeFile(join(folder, 'benchmark.json'), `${JSON.stringify({ ...report, results }, null, 2)}\n`);
  await writeFile(join(folder, 'benchmark.md'), renderReport(report));
}
