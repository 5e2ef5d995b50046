import { maskHeaderCell, type Column } from '@passbook/feeds';
import type { Fault } from '@passbook/imports';
import { isLosslessNumber } from 'lossless-json';
import { writePlain } from './read-json.js';

/*
 * Rows that come as lists, one for each column. First the lists are judged, for without them no row can be told from another;
 * then their cells. A cell is text, or a number of JSON where its column is one.
 */

/** A cell as text, or what keeps it from being one. */
export type Cell = string | Fault;

/** @returns the cells of each row in the order of the columns; or all that is wrong with the lists */
export function readColumnLists(
  body: unknown,
  columns: readonly Column[],
): { rows: Cell[][] } | { faults: Fault[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || isLosslessNumber(body))
    return {
      faults: [{ column: null, code: 'TYPE_VALUE', message: 'Send an object with a list for each column.' }],
    };
  const lists = body as Record<string, unknown>;
  const faults = [
    ...findForeign(lists, columns),
    ...columns.flatMap(({ name }) => findListFault(lists, name)),
    ...findShort(lists, columns),
  ];
  if (faults.length > 0) return { faults };
  const cells = columns.map(({ name }) => lists[name] as unknown[]);
  return {
    rows: Array.from(cells[0]!, (_, row) => columns.map((column, at) => readCell(cells[at]![row], column))),
  };
}

/** More names help nobody. */
const FOREIGN_NAMED_MAX = 10;

function findForeign(lists: Record<string, unknown>, columns: readonly Column[]): Fault[] {
  const foreign = Object.keys(lists).filter((name) => !columns.some((column) => column.name === name));
  if (foreign.length === 0) return [];
  const named = foreign.slice(0, FOREIGN_NAMED_MAX).map(maskHeaderCell).join(', ');
  const message = `Not known: ${named}. The columns are ${columns.map(({ name }) => name).join(', ')}.`;
  return [{ column: null, code: 'HEADER_UNKNOWN', message }];
}

function findListFault(lists: Record<string, unknown>, name: string): Fault[] {
  if (!Object.hasOwn(lists, name))
    return [{ column: name, code: 'HEADER_UNKNOWN', message: 'The column is missing.' }];
  if (Array.isArray(lists[name])) return [];
  return [
    {
      column: name,
      code: 'TYPE_VALUE',
      message: 'The column is no list: write ["…"], with a cell for each row.',
    },
  ];
}

/** Of those that are lists. */
function findShort(lists: Record<string, unknown>, columns: readonly Column[]): Fault[] {
  const given = columns.flatMap(({ name }) => {
    const list = Object.hasOwn(lists, name) ? lists[name] : null;
    return Array.isArray(list) ? [{ name, length: list.length }] : [];
  });
  const longest = Math.max(...given.map(({ length }) => length));
  return given
    .filter(({ length }) => length < longest)
    .map(({ name, length }) => ({
      column: name,
      code: 'MISSING_CELL',
      message: `The list has ${length} cells, and the longest has ${longest}: all need one for each row.`,
    }));
}

function readCell(given: unknown, { name, type }: Column): Cell {
  // As an empty cell of a file.
  if (given === null) return '';
  const isNumber = type === 'number' || type === 'integer';
  if (!isNumber) {
    if (typeof given === 'string') return given;
    return { column: name, code: 'TYPE_VALUE', message: 'The cell is no text.' };
  }
  const text = isLosslessNumber(given) ? writePlain(given) : null;
  return (
    text ?? { column: name, code: 'TYPE_NUMBER', message: 'The cell is no number of JSON, or is too large.' }
  );
}
