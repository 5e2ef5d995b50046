import { UserError } from '@passbook/runtime';
import type { z } from 'zod';
import { explainIssue } from './explain-issue.js';

/** A file that a person has written, and what it has to be. */
export interface JsonFile<Schema extends z.ZodType> {
  /** What it is called to people: `feed definition`. */
  kind: string;
  /** Of the file, without `.json`. */
  name: string;
  json: string;
  schema: Schema;
  /** What is wrong with the name. */
  nameFaults?: readonly string[];
  /** What a schema cannot say. Each begins with the place in the file. */
  findFaults: (data: z.output<Schema>) => string[];
}

/** Reads it. @throws UserError that lists all its faults, a line each: where it stands, what is wrong, what it has to be */
export function parseJsonFile<Schema extends z.ZodType>(file: JsonFile<Schema>): z.output<Schema> {
  const { kind, name, schema, nameFaults = [], findFaults } = file;
  const given = readJson(file);
  const result = schema.safeParse(given, { error: explainIssue });
  const faults = [
    ...nameFaults,
    ...(result.success ? findFaults(result.data) : describeIssues(result.error.issues, given, kind)),
  ];
  if (result.success && faults.length === 0) return result.data;
  throw new UserError(`The ${kind} ${name}.json has faults:\n  ${faults.join('\n  ')}`, { exitCode: 2 });
}

function readJson(file: Pick<JsonFile<z.ZodType>, 'kind' | 'name' | 'json'>): unknown {
  const { kind, name } = file;
  // Some editors begin a file with the mark of its byte order.
  const json = file.json.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (err) {
    const { message } = err as Error;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    const before = position === undefined ? null : json.slice(0, Number(position)).split('\n');
    const place = before && !message.includes('(line') ? ` (line ${before.length})` : '';
    throw new UserError(
      `The ${kind} ${name}.json is no JSON: ${message}${place}. Names and texts stand in ", no comma stands behind the last of a list or an object, and there are no comments.`,
      { exitCode: 2 },
    );
  }
}

function describeIssues(issues: readonly z.core.$ZodIssue[], given: unknown, kind: string): string[] {
  const places = issues.map(({ path, code }) => ({ place: describePlace(given, path, kind), code }));
  const ofWrongType = new Set(places.flatMap(({ place, code }) => (code === 'invalid_type' ? [place] : [])));
  return places.flatMap(({ place, code }, at) =>
    // How long a list is says nothing of what is none.
    code !== 'invalid_type' && ofWrongType.has(place) ? [] : [`${place}: ${issues[at]!.message}`],
  );
}

/** `columns.3.constraints (customer_status)`: of what is in a list, the name, too, for those who do not count. */
function describePlace(given: unknown, path: readonly PropertyKey[], kind: string): string {
  let at = given;
  let named = '';
  for (const key of path) {
    at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
    const { name, column } = (at ?? {}) as { name?: unknown; column?: unknown };
    if (typeof key !== 'number') continue;
    const word = name ?? column;
    named = typeof word === 'string' && word !== '' ? ` (${word})` : '';
  }
  return path.length === 0 ? `the ${kind}` : `${path.join('.')}${named}`;
}
