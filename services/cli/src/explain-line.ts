import type { FileStory } from './describe-file.js';
import type { LineStory } from './describe-line.js';

/** Says in sentences what became of a line. Pure. */
export function explainLine(
  story: LineStory,
  file: FileStory,
  options: { showPath: (path: string) => string },
): string[] {
  const { line, place, rowLine, outcome } = story;
  if (file.drop?.refusal) return [`Nothing became of line ${line}: the file was refused as a whole.`];
  if (place?.kind === 'empty') return [`Line ${line} is empty: there is no row on it.`];
  if (place?.kind === 'beyond')
    return [`Line ${line} is beyond the end: the file has ${place.lines.toLocaleString('en-US')} lines.`];
  if (place?.kind === 'before') return [`Line ${line} stands before the header: there is no row on it.`];
  if (place?.kind === 'header')
    return [
      line === place.begins
        ? `Line ${line} is the header.`
        : `Line ${line} is inside the header, which begins on line ${place.begins}.`,
    ];
  const inside = line === rowLine ? [] : [`Line ${line} is inside the row that begins on line ${rowLine}.`];
  return [
    ...inside,
    ...explainOutcome(story, file, options),
    ...(outcome ? [] : [explainMissing(story, file)]),
  ];
}

function explainOutcome(
  { rowLine, outcome, duplicateOfFile, statement }: LineStory,
  file: FileStory,
  { showPath }: { showPath: (path: string) => string },
): string[] {
  if (outcome?.transaction) {
    const { id, accountId, last4 } = outcome.transaction;
    const number = last4 === null ? '' : `, whose number ends in ${last4}`;
    const by = file.drop?.isRepeat ? ', when these bytes were imported first' : '';
    const where = statement === null ? '' : ` It is in the statement ${showPath(statement)}.`;
    return [
      `Line ${rowLine} was posted${by}: it is transaction ${id} of account ${accountId}${number}.${where}`,
    ];
  }
  if (outcome?.outcome === 'posted') return [`Line ${rowLine} was posted.`];
  if (outcome?.outcome === 'duplicate') {
    const { duplicateOf, faults } = outcome;
    if (!duplicateOf) return [`Line ${rowLine} is a duplicate. ${faults[0]?.message ?? ''}`];
    const isOwn = duplicateOf.importId === file.import?.importId;
    const of = isOwn ? 'this file' : `${duplicateOfFile} (import ${duplicateOf.importId})`;
    return [
      `Line ${rowLine} is a duplicate of line ${duplicateOf.line} of ${of}: that row was posted, and this one not again.`,
    ];
  }
  return (outcome?.faults ?? []).map(
    ({ column, code, message }) =>
      `Line ${rowLine} was quarantined, ${column === null ? '' : `column ${column}, `}${code}: ${message}`,
  );
}

/** There is no outcome: the import is under way, or no row begins there. */
function explainMissing(
  { line, rowLine, place, format, isReplaced }: LineStory,
  { import: one }: FileStory,
): string {
  if (one && one.state !== 'loaded')
    return `What begins on line ${rowLine} is not accounted for yet: the import is ${one.state}.`;
  if (place && isReplaced)
    return `Line ${rowLine} was posted, and is deleted: later files replaced the rows of this one.`;
  if (place && format !== null) return `Line ${rowLine} is no row: the format ${format} passes over it.`;
  return place
    ? `Nothing is known of line ${rowLine}, although a row begins there: that should not be.`
    : `No row begins on line ${line}. The file is not there any more, so nobody can tell whether the line is empty, inside another row, the header, or beyond the end.`;
}
