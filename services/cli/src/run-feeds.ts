import type { Database } from '@passbook/database';
import { holdsByGuard, type Feed } from '@passbook/feeds';
import { findImports, readImportSummary, releaseImport } from '@passbook/imports';
import { UserError, type Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { UNKNOWN } from './find-file.js';
import { withDatabaseIfThere } from './open-house.js';
import { renderTable } from './render-table.js';

/** The commands of `passbook feeds`; each returns the exit code. @throws UserError */
export interface FeedDesk {
  list(options: { json: boolean }): Promise<number>;
  rollBack(feedName: string, scope: readonly string[]): Promise<number>;
  release(importId: string): Promise<number>;
}

/** Lends the desk, on the database of the configuration. On a machine without data it makes none. */
export function openFeedDesk(
  config: Config,
  log: Logger,
  run: (desk: FeedDesk) => Promise<number>,
): Promise<number> {
  return withDatabaseIfThere(config, log, (database, feeds) => {
    if (database) return run(makeDesk(database, feeds));
    const tellNothing = (): Promise<number> => {
      tell('No file was imported yet.');
      return Promise.resolve(UNKNOWN);
    };
    return run({ list: tellNothing, rollBack: tellNothing, release: tellNothing });
  });
}

function makeDesk(database: Database, feeds: readonly Feed[]): FeedDesk {
  return {
    async list({ json }) {
      const listed = await Promise.all(
        feeds.map(async ({ name, mode, versions }) => ({
          name,
          mode,
          versions: (await versions?.list(database)) ?? [],
        })),
      );
      tell(json ? JSON.stringify(listed, null, 2) : renderFeeds(listed).trimEnd());
      return 0;
    },
    async rollBack(feedName, given) {
      const feed = feeds.find(({ name }) => name === feedName);
      if (!feed) throw new UserError(`There is no feed ${feedName}: passbook feeds ls.`, { exitCode: 2 });
      const { versions } = feed;
      if (!versions)
        throw new UserError(`${feedName} only adds rows: it has no versions to go back to.`, { exitCode: 2 });
      const scope = readScope(versions.scopeName, given);
      const importId = await versions.rollBack(database, scope);
      if (importId === null) {
        tell(
          `${feedName}${scope && ` ${scope}`} has no version before the present one: passbook feeds ls shows them.`,
        );
        return 1;
      }
      const one = await readImportSummary(database, importId);
      tell(
        `The rows of ${one?.file} (import ${importId}) count again. The report is written anew by the running reporter; the same command undoes this.`,
      );
      return 0;
    },
    async release(named) {
      const [one, another] = await findImports(database, named);
      if (another) throw new UserError(`More than one import begins with ${named}.`, { exitCode: 2 });
      const summary = one && (await readImportSummary(database, one.id));
      if (!summary) throw new UserError(`There is no import ${named}: passbook status.`, { exitCode: 2 });
      if (!holdsByGuard(summary.reasonCode) || !(await releaseImport(database, summary.no))) {
        tell(`${summary.file} is not held by a guard of its feed: it is ${summary.state}.`);
        return 1;
      }
      tell(
        `${summary.file} is let in: a running chunker takes it from imports/ within seconds, or name it to npm start.`,
      );
      return 0;
    },
  };
}

/** @param given what stands behind the feed: `--scope A`, `--agency=A`. @throws UserError */
function readScope(scopeName: string | null, given: readonly string[]): string {
  if (scopeName === null && given.length === 0) return '';
  const [option, value] = given.length === 1 ? given[0]!.split('=') : given;
  const isKnown = option === '--scope' || (scopeName !== null && option === `--${scopeName}`);
  if (given.length <= 2 && isKnown && value) return value.toUpperCase();
  throw new UserError(`Say which ${scopeName ?? 'scope'}: --${scopeName ?? 'scope'} A.`, { exitCode: 2 });
}

function renderFeeds(
  feeds: readonly (Pick<Feed, 'name' | 'mode'> & {
    versions: Awaited<ReturnType<NonNullable<Feed['versions']>['list']>>;
  })[],
): string {
  const header = ['feed', 'mode', 'scope', 'rows', 'file', 'import', 'since', 'before it'];
  const rows = feeds.flatMap(({ name, mode, versions }) =>
    versions.length === 0
      ? [[name, mode, '', '', '', '', '', '']]
      : versions.map((one) => [
          name,
          mode,
          one.scope,
          String(one.rows),
          one.file,
          one.importId.slice(0, 8),
          one.switchedAt,
          one.previousImportId?.slice(0, 8) ?? '-',
        ]),
  );
  return renderTable(header, rows, new Set([3]));
}

function tell(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
