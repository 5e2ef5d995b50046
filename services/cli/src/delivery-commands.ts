import { deliveryStates, type DeliveryState } from '@passbook/mail';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DeliveryDesk } from './run-deliveries.js';

type Json = { json: boolean };
type Filter = Json & { state?: DeliveryState; import?: string };

/** Adds `deliveries ls|resend|hold`. @param use lends the desk */
export function addDeliveryCommands(
  program: Command,
  use: (run: (desk: DeliveryDesk) => Promise<number>) => Promise<void>,
): void {
  const commands = program.command('deliveries').description('show what became of each mail, and decide');
  commands
    .command('ls')
    .description('mails of statements, the oldest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(deliveryStates))
    .option(
      '--import <import>',
      'only those of this import: its id, the first eight characters of it, or its file',
    )
    .option('--json', 'print as JSON, one on a line', false)
    .action((filter: Filter) => use((desk) => desk.list(filter)));
  commands
    .command('resend')
    .description('send mails (again), as they are rendered now: failed, unknown, held and waiting ones')
    .argument('<no...>', 'their numbers', collectNos)
    .option('--json', 'print as JSON, one on a line', false)
    .action((nos: bigint[], options: Json) => use((desk) => desk.resend(nos, options)));
  commands
    .command('hold')
    .description('keep mails that wait from being sent, until resend')
    .argument('<no...>', 'their numbers', collectNos)
    .option('--json', 'print as JSON, one on a line', false)
    .action((nos: bigint[], options: Json) => use((desk) => desk.hold(nos, options)));
}

/** @throws InvalidArgumentError */
function collectNos(text: string, before: readonly bigint[] | undefined): bigint[] {
  if (!/^[1-9]\d{0,17}$/.test(text))
    throw new InvalidArgumentError('It is a number of passbook deliveries ls.');
  return [...(before ?? []), BigInt(text)];
}
