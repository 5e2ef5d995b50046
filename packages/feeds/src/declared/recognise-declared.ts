import type { Recognition } from '../feed.js';
import { ownColumns } from '../own-columns.js';
import { normaliseHeaderCell, recogniseHeader } from '../recognise-header.js';
import { readFileName, type FeedDefinition } from './definition.js';

/** Whether a file is of a declared feed: by its columns, and then by its name. Pure. */
export function recogniseDeclared(
  definition: FeedDefinition,
  header: readonly string[],
  fileName: string,
): Recognition {
  const byColumns = recogniseHeader(header, definition.columns);
  if (!byColumns.isMine) return byColumns;
  const scope = readFileName(definition, fileName);
  const refused = { isMine: false, missing: [], unknown: [], repeated: [] } as const;
  if (scope === null) {
    const what = definition.scope
      ? 'but its name does not say whose it is'
      : 'but its name is none of this feed';
    return {
      ...refused,
      refusal: {
        code: 'FILE_NAME',
        message: `The file has the columns of ${definition.name}, ${what}.`,
        hint: `Call it like ${definition.fileName.example} (feed-definitions/${definition.name}.json, fileName), and drop it again.`,
      },
    };
  }
  if (definition.mode === 'replace' && header.some((name) => ownColumns.includes(normaliseHeaderCell(name))))
    return {
      ...refused,
      refusal: {
        code: 'PARTIAL_FILE',
        message: `A file of ${definition.name} replaces all rows there are, and this one has only those that were quarantined.`,
        hint: 'Mend the rows in the whole file, and drop that.',
      },
    };
  return { isMine: true, scope };
}
