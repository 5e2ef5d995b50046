import { InvalidArgumentError, type Command } from 'commander';
import type { DeadLetterDesk } from './run-dead-letters.js';

type Json = { json: boolean };

/** Adds `dead-letters ls|show|replay|discard`. @param use lends the desk */
export function addDeadLetterCommands(
  program: Command,
  use: (run: (desk: DeadLetterDesk) => Promise<number>) => Promise<void>,
): void {
  const commands = program
    .command('dead-letters')
    .description('show messages that could not be handled, and handle them again');
  commands
    .command('ls')
    .description('those that are open, the oldest first')
    .option('--json', 'print as JSON', false)
    .action((options: Json) => use((desk) => desk.list(options)));
  commands
    .command('show')
    .description('one of them, whole: it may hold names, addresses and amounts')
    .argument('<no>', 'its number', readNo)
    .option('--json', 'print as JSON, its bytes in base64', false)
    .action((no: number, options: Json) => use((desk) => desk.show(no, options)));
  commands
    .command('replay')
    .description('handle them again: what can be loaded now is loaded, and its import goes on')
    .argument('<no...>', 'their numbers', collectNos)
    .option('--json', 'print as JSON, one on a line', false)
    .action((nos: number[], options: Json) => use((desk) => desk.replay(nos, options)));
  commands
    .command('discard')
    .description('put them aside for good: garbage, or chunks that came twice')
    .argument('<no...>', 'their numbers', collectNos)
    .action((nos: number[]) => use((desk) => desk.discard(nos)));
}

/** @throws InvalidArgumentError */
function readNo(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of passbook dead-letters ls.');
}

function collectNos(text: string, before: readonly number[] | undefined): number[] {
  return [...(before ?? []), readNo(text)];
}
