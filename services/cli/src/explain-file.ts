import { explainRefusal, type ImportSummary, type Refusal } from '@passbook/imports';
import type { FileStory, Place } from './describe-file.js';

/** So much later than it should have been taken, a file that waits makes one ask whether anybody is there. */
const LATE_MS = 10_000;

/** How much longer a file waits that was seen to grow, or whose last line has no end: as the watch of the folder has it. */
const PATIENCE = 5;

/**
 * Says in sentences what became of a file, one for each stage of its way. Pure.
 * @param stableMs how long a file must not have changed before it is taken
 */
export function explainFile(
  story: FileStory,
  options: { stableMs: number; showPath: (path: string) => string },
): string[] {
  return [...explainSight(story, options), ...explainDrop(story, options.showPath)];
}

function explainSight(
  { named, sight, drop, held, beside, isChanged, isTaken }: FileStory,
  { stableMs, showPath }: { stableMs: number; showPath: (path: string) => string },
): string[] {
  if (!sight) return [];
  const shown = showPath(sight.path);
  if (beside && drop) {
    const what = { receipt: 'receipt', error: 'error file', rows: 'bad rows' }[beside];
    return [`${named} is what Passbook wrote of ${drop.file}: its ${what}. What follows is of that file.`];
  }
  const sentences: string[] = [];
  if (sight.ignored !== null) sentences.push(`${shown} is ignored: ${sight.ignored}.`);
  else if (held) sentences.push(`${shown} is held, and nothing of it is posted. ${held.reason}`);
  else if (sight.lies === 'in imports' && !isTaken) {
    const late = sight.idleMs > stableMs * PATIENCE + LATE_MS;
    const patience = `${seconds(stableMs)} (${seconds(stableMs * PATIENCE)} if it grew, or its last line has no end)`;
    sentences.push(
      `${shown} waits to be taken: it is when it has not changed for ${patience}. It changed ${seconds(sight.idleMs)} ago.${
        late
          ? ' That is long: is npm start or a chunker running on this folder, and what does its log say?'
          : ''
      }`,
    );
  }
  if (isChanged && drop)
    sentences.push(
      `What lies at ${shown} now is not what was dropped under this name before. What follows is of that.`,
    );
  return sentences;
}

function explainDrop(
  { drop, import: one, waitsFor, others, rows, statements, feed }: FileStory,
  showPath: (path: string) => string,
): string[] {
  if (!drop || !one) return [];
  const sentences = [explainDropping(drop, others)];
  if (drop.isRepeat)
    sentences.push(
      `The same bytes had been dropped before, as ${one.file}: nothing of them is posted again. What follows is of that import.`,
    );
  sentences.push(drop.refusal ? explainRefused(drop.refusal) : explainState(one));
  if (one.note !== null) sentences.push(one.note);
  if (waitsFor !== null) sentences.push(waitsFor);
  sentences.push(...explainMove(drop, one, showPath));
  if (rows && !drop.refusal)
    sentences.push(
      `Its bad rows are in ${show(rows, showPath)}, each with its reason: ${feed?.mode === 'replace' ? 'mend them in the whole file, and drop that' : 'mend them there, and drop that file'}.`,
    );
  if (statements && !drop.refusal)
    sentences.push(
      feed?.hasStatements === false
        ? `Its report ${one.reportsDue > 0 ? 'is not written yet; it will be' : 'is'} ${showPath(statements.path)}.`
        : explainStatements(one, statements, showPath),
    );
  return sentences;
}

function explainDropping({ file, path, droppedAt }: NonNullable<FileStory['drop']>, others: number): string {
  const more =
    others === 0
      ? ''
      : ` ${others === 1 ? 'One other drop has' : `${count(others)} other drops have`} that name; this is about the newest that fits.`;
  return `${file} was taken from ${path.slice(0, -file.length - 1)} at ${droppedAt}.${more}`;
}

function explainRefused(refusal: Refusal): string {
  const at = refusal.line === null ? '' : `, line ${refusal.line}`;
  return `It was refused (${refusal.code}${at}), and none of its rows was posted: ${explainRefusal(refusal)}`;
}

function explainState(one: ImportSummary): string {
  const id = `import ${one.importId}`;
  switch (one.state) {
    case 'reading':
      return `It is being read, or waits for its turn (${id}): ${count(one.chunksLoaded)} chunks of it are loaded so far, ${count(one.rowsPosted)} rows posted.`;
    case 'chunked':
      return `All of its ${count(one.rowsRead)} rows are read (${id}), and ${count(one.chunksLoaded)} of ${count(one.chunksSent ?? 0)} chunks loaded: the others are on their way.`;
    case 'loaded':
      return `It is imported (${id}): ${count(one.rowsRead)} rows read = ${count(one.rowsPosted)} posted + ${count(one.rowsDuplicate)} duplicate + ${count(one.rowsQuarantined)} quarantined.`;
    case 'stopped':
      return `Its import is stopped (${id}): its file stays where it is, and what is loaded stays.`;
    default:
      return `Its import is ${one.state} (${id}).`;
  }
}

function explainMove(
  { refusal, state, stays, movedTo, report }: NonNullable<FileStory['drop']>,
  one: ImportSummary,
  showPath: (path: string) => string,
): string[] {
  if (state !== 'done' || !movedTo || !report) {
    const isEnded = refusal !== null || one.state === 'loaded';
    return isEnded ? ['Its file is about to be moved.'] : [];
  }
  const file = stays ? 'A copy of it is' : 'The file is';
  const where = `${file} ${show(movedTo, showPath)}`;
  return [
    refusal
      ? `${where}; the reason is in ${show(report, showPath)}.`
      : `${where}; its receipt is ${show(report, showPath)}.`,
  ];
}

function explainStatements(one: ImportSummary, place: Place, showPath: (path: string) => string): string {
  // One report is the index itself.
  const statements = one.reports - 1;
  if (one.reportsDue > 0)
    return `Of its ${count(one.reports)} reports ${count(one.reportsDue)} are not written yet; they will be beside ${showPath(place.path)}.`;
  const what = statements === 1 ? 'Its statement is' : `Its ${count(statements)} statements are`;
  return `${what} listed in ${show(place, showPath)}.`;
}

function show({ path, isThere }: Place, showPath: (path: string) => string): string {
  return isThere ? showPath(path) : `${showPath(path)} (which is not there any more)`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `0.05 s`, `42 s`, `3 h` */
function seconds(ms: number): string {
  if (ms < 10_000) return `${Math.round(ms / 10) / 100} s`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
