import { z } from 'zod';
import { ProblemError } from './problem.js';

/*
 * Lists come in pages. A cursor says where the next one begins; to a client it is a text without meaning, which may become
 * another one with the next version.
 */

const LIMIT_DEFAULT = 50;
export const LIMIT_MAX = 500;

/** The query of every list. */
export const pageQuery = {
  cursor: z.string().max(200).optional().describe('nextCursor of the page before; without it the first page'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMIT_MAX)
    .default(LIMIT_DEFAULT)
    .describe('The most items of a page'),
};

/** The answer of every list. @param more what a list says beside its items */
export function listOf<Item extends z.ZodType, More extends z.ZodRawShape = Record<never, never>>(
  item: Item,
  id: string,
  more?: More,
) {
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().describe('Null: this is the last page'),
      ...(more as More),
    })
    .meta({ id });
}

/** @param list the name of the list: a cursor is of one list only @param at where the next page begins */
export function encodeCursor(list: string, at: number | bigint | string): string {
  return Buffer.from(`${list} ${at}`).toString('base64url');
}

/** @returns null without a cursor @throws ProblemError when it is none of this list */
export function decodeCursor(list: string, cursor: string | undefined): number | null {
  const at = decodeTextCursor(list, cursor, /^\d{1,15}$/);
  return at && Number(at[0]);
}

/** The same of a list whose cursors are of another form. @returns what the form matches */
export function decodeTextCursor(
  list: string,
  cursor: string | undefined,
  form: RegExp,
): RegExpExecArray | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const at = text.startsWith(`${list} `) ? form.exec(text.slice(list.length + 1)) : null;
  if (at === null)
    throw new ProblemError('invalid-cursor', 'Take nextCursor of the page before as it is, or none.');
  return at;
}

/** A page of a list, of which one more item than asked for was looked up. */
export function makePage<Item, Shown>(
  items: readonly Item[],
  limit: number,
  parts: { show: (item: Item) => Shown; cursorOf: (last: Item) => string },
): { items: Shown[]; nextCursor: string | null } {
  const page = items.slice(0, limit);
  return {
    items: page.map(parts.show),
    nextCursor: items.length > limit ? parts.cursorOf(page.at(-1)!) : null,
  };
}
