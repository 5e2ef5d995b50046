import { makeLogger, UserError } from '@passbook/runtime';
import { Command, CommanderError } from 'commander';
import { readConfig } from './config.js';
import { addDeadLetterCommands } from './dead-letter-commands.js';
import { addDeliveryCommands } from './delivery-commands.js';
import { addFeedCommands } from './feed-commands.js';
import { addFormatCommands } from './format-commands.js';
import { addKeyCommands } from './key-commands.js';
import { openDeadLetters } from './run-dead-letters.js';
import { openDeliveries } from './run-deliveries.js';
import { openFeedDesk } from './run-feeds.js';
import { runFiles } from './run-files.js';
import { runOutcome } from './run-outcome.js';
import { runReconcile } from './run-reconcile.js';
import { runStatus } from './run-status.js';
import { runVerify } from './run-verify.js';
import { runWatch } from './run-watch.js';
import { runWhy } from './run-why.js';

/** Time for what was printed to get through, and for connections to end. */
const LINGER_MS = 2_000;

/** Runs one command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  let exitCode: number;
  try {
    exitCode = await run(argv);
  } catch (err) {
    exitCode = tell(err);
  }
  process.exitCode = exitCode;
  // What still tries to reach a broker that is away must not hold us up.
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

async function run(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('passbook');
  program
    .description('Files of transactions become statements; every row is accounted for, exactly once.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  program
    .command('start', { hidden: false })
    .description('watch imports/ and serve the page; or import just the FILEs and end')
    .argument('[files...]', 'files to import; the originals stay')
    .option('--strict', 'exit 1 also when a row was quarantined', false)
    .option('--json', 'print the receipts as JSON, one on a line', false)
    .action(async (files: string[], options: { strict: boolean; json: boolean }) => {
      const config = readConfig();
      const isOnce = files.length > 0;
      const log = makeLogger(config.LOG_LEVEL ?? (isOnce ? 'warn' : 'info'));
      exitCode = isOnce ? await runFiles(files, options, config, log) : await runWatch(config, log);
    });
  program
    .command('status')
    .description('show what became of each import, the newest first')
    .option('--json', 'print as JSON', false)
    .action(async (options: { json: boolean }) => {
      const config = readConfig();
      exitCode = await runStatus(options, config, makeLogger(config.LOG_LEVEL ?? 'warn'));
    });
  addFormatCommands(program, async (run) => {
    exitCode = await run(readConfig().FORMATS_DIR);
  });
  program
    .command('why')
    .description('what became of a file, or of a line of it')
    .argument('<file>', 'its path or name; with :LINE one physical line of it, the header is 1')
    .option('--json', 'print as JSON', false)
    .action(async (named: string, options: { json: boolean }) => {
      const config = readConfig();
      exitCode = await runWhy(named, options, config, makeLogger(config.LOG_LEVEL ?? 'warn'));
    });
  program
    .command('outcome')
    .description('what became of every row of a file, in the order of its lines, as CSV')
    .argument('<import>', 'its id, the first eight characters of it, or the name of the file')
    .option('--json', 'print as JSON, one row on a line', false)
    .action(async (named: string, options: { json: boolean }) => {
      const config = readConfig();
      exitCode = await runOutcome(named, options, config, makeLogger(config.LOG_LEVEL ?? 'warn'));
    });
  program
    .command('verify')
    .description('whether a statement agrees with the ledger, figure by figure')
    .argument('<file>', 'the page or the JSON of an account')
    .option('--json', 'print as JSON', false)
    .action(async (path: string, options: { json: boolean }) => {
      const config = readConfig();
      exitCode = await runVerify(path, options, config, makeLogger(config.LOG_LEVEL ?? 'warn'));
    });
  program
    .command('reconcile')
    .description('hold the trades of customers to those of the repository, by the present rules')
    .option('--json', 'print the report as JSON', false)
    .action(async (options: { json: boolean }) => {
      const config = readConfig();
      exitCode = await runReconcile(options, config, makeLogger(config.LOG_LEVEL ?? 'warn'));
    });
  addDesks(program, (code) => void (exitCode = code));
  addKeyCommands(program);
  await program.parseAsync([...argv], { from: 'user' });
  return exitCode;
}

/** Adds what has commands of its own. @param end takes the exit code */
function addDesks(program: Command, end: (exitCode: number) => void): void {
  addFeedCommands(program, async (run) => {
    const config = readConfig();
    end(await openFeedDesk(config, makeLogger(config.LOG_LEVEL ?? 'warn'), run));
  });
  addDeadLetterCommands(program, async (run) => {
    const config = readConfig();
    end(await openDeadLetters(config, makeLogger(config.LOG_LEVEL ?? 'fatal'), run));
  });
  addDeliveryCommands(program, async (run) => {
    const config = readConfig();
    end(await openDeliveries(config, makeLogger(config.LOG_LEVEL ?? 'warn'), run));
  });
}

/** One clear sentence for what a user can mend; a stack for a bug. @returns the exit code */
function tell(err: unknown): number {
  if (err instanceof CommanderError) return err.exitCode === 0 ? 0 : 2;
  if (err instanceof UserError) {
    process.stderr.write(`${err.message}\n`);
    return err.exitCode;
  }
  process.stderr.write(
    `Passbook ended because of a fault of its own. Nothing is lost.\n${(err as Error).stack ?? String(err)}\n`,
  );
  return 1;
}
