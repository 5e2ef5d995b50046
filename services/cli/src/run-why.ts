import type { Logger } from '@passbook/runtime';
import { answerWhy } from './answer-why.js';
import type { Config } from './config.js';
import { UNKNOWN } from './find-file.js';
import { withDatabaseIfThere } from './open-house.js';

/**
 * `passbook why FILE[:LINE]`: prints what became of a file, or of a line of it.
 * @returns 0, or 2 when nothing is known of the file
 * @throws UserError
 */
export async function runWhy(
  named: string,
  options: { json: boolean },
  config: Config,
  log: Logger,
): Promise<number> {
  return withDatabaseIfThere(config, log, async (database, feeds) => {
    const answer = await answerWhy(database, named, config, feeds);
    const told = answer ?? { named, sentences: [explainUnknown(named)] };
    process.stdout.write(
      options.json ? `${JSON.stringify(told, null, 2)}\n` : `${told.sentences.join('\n')}\n`,
    );
    return answer ? 0 : UNKNOWN;
  });
}

function explainUnknown(named: string): string {
  return `Nothing is known of ${named}: no such file lies in the imports folder, and neither this name nor these bytes were imported. Put it there, or: npm start -- FILE.`;
}
