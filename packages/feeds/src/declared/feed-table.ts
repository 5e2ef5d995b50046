import type { Column } from '../feed.js';

/** A name as SQL takes it: the definitions allow a-z, 0-9 and _ alone, and it may be a word of SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL takes it, where a statement can have no parameters: with the E, a backslash means the same on every server. */
export function literal(text: string): string {
  return `E'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** The table with the rows of all versions of a feed. Its view, with those that count, has the name of the feed. */
export function tableOf(feed: string): string {
  return `feed_${feed}`;
}

/** The primary key whose violation asks for the staged way. */
export function keyOf(feed: string): string {
  return `${tableOf(feed)}_pkey`;
}

/** The type of a column in Postgres. */
export function sqlType({ type, format }: Pick<Column, 'type' | 'format'>): string {
  switch (type) {
    case 'integer':
      return format === 'int64' ? 'bigint' : 'integer';
    case 'number':
      return 'numeric';
    case 'date':
      return 'date';
    case 'datetime':
      return 'timestamptz';
    case 'uuid':
      return 'uuid';
    case 'string':
    case 'email':
      return 'text';
  }
}
