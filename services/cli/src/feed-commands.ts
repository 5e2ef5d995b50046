import type { Command } from 'commander';
import type { FeedDesk } from './run-feeds.js';

/** Adds `feeds ls|rollback|release`. @param use lends the desk, and takes the exit code */
export function addFeedCommands(
  program: Command,
  use: (run: (desk: FeedDesk) => Promise<number>) => Promise<void>,
): void {
  const commands = program
    .command('feeds')
    .description('kinds of files, and the versions of those that replace');
  commands
    .command('ls')
    .description('the kinds of files that are known here, with the present version of each scope')
    .option('--json', 'print as JSON', false)
    .action((options: { json: boolean }) => use((desk) => desk.list(options)));
  commands
    .command('rollback')
    .description('make the version before the present one count again, and its report due')
    .usage('<feed> --scope <scope>')
    .argument('<feed>', 'its name, such as ratings')
    .argument('[scope...]', '--scope A; or by the word that the feed has for it: --agency A')
    .allowUnknownOption()
    .action((feed: string, scope: string[]) => use((desk) => desk.rollBack(feed, scope)));
  commands
    .command('release')
    .description('let in a file that a guard of its feed holds')
    .argument('<import>', 'its id, or the first eight characters of it')
    .action((importId: string) => use((desk) => desk.release(importId)));
}
