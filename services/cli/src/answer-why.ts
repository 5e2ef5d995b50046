import type { Database } from '@passbook/database';
import type { Config } from './config.js';
import type { Feed } from '@passbook/feeds';
import { describeFile, type FileStory } from './describe-file.js';
import { describeLine, type LineStory } from './describe-line.js';
import { explainFile } from './explain-file.js';
import { explainLine } from './explain-line.js';
import { findFile, type FoundFile } from './find-file.js';
import { showPathFrom } from './show-path.js';

/** What became of a file, or of a line of it: as data, and in sentences. */
export type WhyAnswer = FileStory & {
  /** Null when no line was asked for, or the file was not taken yet. */
  line: LineStory | null;
  sentences: string[];
};

export type WhyPlace = Pick<
  Config,
  'IMPORTS_DIR' | 'PROCESSED_DIR' | 'QUARANTINE_DIR' | 'REPORTS_DIR' | 'FILE_STABLE_MS' | 'standsIn'
>;

/**
 * Answers `passbook why`. Changes nothing.
 * @param database null where there is none yet
 * @param named FILE or FILE:LINE
 * @returns null when nothing is known of the file
 */
export async function answerWhy(
  database: Database | null,
  named: string,
  place: WhyPlace,
  feeds: readonly Feed[],
): Promise<WhyAnswer | null> {
  const asked = await findAsked(database, named, place);
  if (!asked) return null;
  const showPath = showPathFrom(place.standsIn);
  const file = await describeFile(database, asked.found, place, feeds);
  const sentences = explainFile(file, { stableMs: place.FILE_STABLE_MS, showPath });
  if (asked.line === null || !database || !file.drop) return { ...file, line: null, sentences };
  if (file.beside !== null) return { ...file, line: null, sentences: [...sentences, explainBeside(file)] };
  const line = await describeLine(database, asked.found, file, asked.line, { folders: place, feeds });
  // First what was asked for.
  return { ...file, line, sentences: [...explainLine(line, file, { showPath }), ...sentences] };
}

/** The name of a file may hold a colon: what is a file as it stands is no line of another one. */
async function findAsked(
  database: Database | null,
  named: string,
  place: WhyPlace,
): Promise<{ found: FoundFile; line: number | null } | null> {
  const found = await findFile(database, named, place);
  if (found) return { found, line: null };
  const [, name, digits] = /^(.+):(\d{1,15})$/s.exec(named) ?? [];
  const line = Number(digits);
  if (name === undefined || line === 0) return null;
  const file = await findFile(database, name, place);
  return file && { found: file, line };
}

function explainBeside({ named, drop, beside }: FileStory): string {
  const way = beside === 'rows' ? ', with the number in the column _line' : '';
  return `A line of ${named} is none of ${drop?.file}: ask for a line of that file${way}.`;
}
