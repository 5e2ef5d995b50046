import { makeFeeds, readFormats, testFormat, updateExpected, type Format } from '@passbook/feeds';
import { UserError } from '@passbook/runtime';
import type { Command } from 'commander';
import { renderTable } from './render-table.js';

/** Samples are read with a key of their own, so that their ids are the same on every machine. */
const SAMPLE_KEY = 'the key of samples';

/** Adds `formats ls|test`. @param use lends the folder of formats, and takes the exit code */
export function addFormatCommands(
  program: Command,
  use: (run: (folder: string) => Promise<number>) => Promise<void>,
): void {
  const commands = program
    .command('formats')
    .description('layouts of other files, such as the export of a bank');
  commands
    .command('ls')
    .description('those in the folder of formats')
    .option('--json', 'print as JSON', false)
    .action((options: { json: boolean }) => use((folder) => list(folder, options)));
  commands
    .command('test')
    .description(
      'read the samples of all formats, or of those named, and compare the rows with what is expected',
    )
    .argument('[names...]', 'names of formats')
    .option('--update', 'write what is read as what is expected: look at it', false)
    .action((names: string[], options: { update: boolean }) => use((folder) => test(folder, names, options)));
}

async function list(folder: string, { json }: { json: boolean }): Promise<number> {
  const formats = await readFormats(folder);
  const rows = formats.map(({ name, feed, description }) => ({ name, feed, description }));
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) process.stdout.write(`There is no format in ${folder}.\n`);
  else {
    const cells = rows.map((row) => [row.name, row.feed, row.description]);
    process.stdout.write(renderTable(['format', 'feed', 'description'], cells, new Set()));
  }
  return 0;
}

async function test(
  folder: string,
  names: readonly string[],
  { update }: { update: boolean },
): Promise<number> {
  const formats = pick(await readFormats(folder), names);
  const [feed] = makeFeeds({ accountNumberKey: SAMPLE_KEY });
  let exitCode = 0;
  for (const format of formats) {
    if (update) await updateExpected(folder, format, feed!);
    const differences = await testFormat(folder, format, feed!);
    if (differences.length > 0) exitCode = 1;
    const verdict = differences.length === 0 ? 'as expected' : differences.join('\n  ');
    process.stdout.write(`${format.name}: ${verdict}\n`);
  }
  return exitCode;
}

function pick(formats: readonly Format[], names: readonly string[]): readonly Format[] {
  const unknown = names.filter((name) => !formats.some((format) => format.name === name));
  if (unknown.length > 0)
    throw new UserError(
      `There is no format ${unknown.join(', ')}: passbook formats ls shows those there are.`,
      {
        exitCode: 2,
      },
    );
  return names.length === 0 ? formats : formats.filter(({ name }) => names.includes(name));
}
