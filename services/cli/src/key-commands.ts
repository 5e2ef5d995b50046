import { createHash, randomBytes } from 'node:crypto';
import { UserError } from '@passbook/runtime';
import type { Command } from 'commander';

/** Nobody guesses a key of so many random bytes; that is why a plain hash of it can be stored. */
const KEY_BYTES = 32;

/** What a key begins with, for whoever finds one somewhere. */
const KEY_PREFIX = 'passbook_';

/** Adds `keys make`. */
export function addKeyCommands(program: Command): void {
  program
    .command('keys')
    .description('keys of the API')
    .command('make')
    .description('make a key, and the line for API_KEYS that lets it in')
    .argument('<name>', 'whose it is: letters, digits, dots, - and _')
    .option('--scope <scope>', 'read, or write: may move money, too', 'read')
    .option('--json', 'print as JSON', false)
    .action((name: string, { scope, json }: { scope: string; json: boolean }) => {
      const made = makeKey(name, scope);
      const lines = [`The key, shown this once:  ${made.key}`, `The line for API_KEYS:     ${made.setting}`];
      process.stdout.write(`${json ? JSON.stringify(made) : lines.join('\n')}\n`);
    });
}

/** @throws UserError (exit code 2) for a name or scope that API_KEYS would not take */
export function makeKey(name: string, scope: string): { key: string; setting: string } {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
    throw new UserError(
      `The name ${JSON.stringify(name)} has other characters than letters, digits, dots, - and _.`,
      {
        exitCode: 2,
      },
    );
  if (scope !== 'read' && scope !== 'write')
    throw new UserError(`The scope is read or write, not ${JSON.stringify(scope)}.`, { exitCode: 2 });
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  return { key, setting: `${name}:${scope}:${createHash('sha256').update(key).digest('hex')}` };
}
