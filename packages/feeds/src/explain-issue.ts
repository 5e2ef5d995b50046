import { z } from 'zod';

/*
 * What is wrong in a file of JSON, as a sentence that the person who wrote the file can act on: what stands there, what has
 * to stand there. Where it stands is said before it.
 */

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text, in quotation marks',
  number: 'a number, without quotation marks',
  int: 'a whole number, without quotation marks',
  boolean: 'true or false, without quotation marks',
  array: 'a list, in [ ]',
  object: 'an object, in { }',
};

/** The sentences of a schema's own faults, for `safeParse(given, { error: explainIssue })`. Pure. */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return explainMissing(issue.input, TYPES[issue.expected] ?? issue.expected);
    case 'invalid_value':
      return explainMissing(issue.input, oneOf(issue.values));
    case 'invalid_union': {
      const { options, discriminator } = issue as { options?: unknown[]; discriminator?: string };
      const given = (issue.input as Record<string, unknown>)[discriminator ?? ''];
      return options && explainMissing(given, oneOf(options));
    }
    case 'unrecognized_keys':
      return explainUnknown(issue);
    case 'too_small':
      if (issue.origin === 'string') return 'is empty, and has to be a text';
      return issue.origin === 'array'
        ? 'is an empty list: it has to have an entry'
        : `has to be ${issue.minimum} or more, and is ${show(issue.input)}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `has ${(issue.input as unknown[]).length} entries, and may have ${issue.maximum} at most`
        : `has to be ${issue.maximum} or less, and is ${show(issue.input)}`;
    default:
      return undefined;
  }
}

/** An amount or another number that is kept as text, so that no digit is lost: as text, or as an integer of JSON. */
export const decimalText = z.unknown().transform((given, context): string => {
  const fault = findDecimalFault(given);
  if (fault === null) return String(given);
  context.addIssue({ code: 'custom', message: fault });
  return z.NEVER;
});

/** The name of a column, or of something else that becomes a name in SQL: Postgres cuts names after 63 bytes. */
export const sqlName = z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, {
  error: ({ input }) => explainNoName(input),
});

/** Why a text is none, to begin a sentence's end with. */
export function explainNoName(given: unknown): string {
  return `${show(given)} is no name here: it has a letter first, then letters, digits and _, all of a-z, 0-9, and 50 at most`;
}

/** A regular expression that compiles with these flags. */
export function patternWith(flags: string): z.ZodString {
  return z
    .string()
    .min(1)
    .superRefine((given, context) => {
      try {
        new RegExp(given, flags);
      } catch (err) {
        // What comes before the last colon is the pattern itself.
        const what = (err as Error).message.split(': ').at(-1);
        context.addIssue({
          code: 'custom',
          message: `${show(given)} is no regular expression: ${what}. In JSON a backslash is written twice`,
        });
      }
    });
}

const DECIMAL = /^-?\d{1,30}(\.\d{1,20})?$/;

function findDecimalFault(given: unknown): string | null {
  if (typeof given === 'number') {
    if (Number.isSafeInteger(given)) return null;
    // What JSON has cut is not for us to repeat: of a whole number so long, digits are lost by now.
    const isCut = Number.isInteger(given) || !DECIMAL.test(String(given));
    const way = isCut ? 'with all its digits, in quotation marks' : show(String(given));
    return `is a number that JSON need not keep exactly: write it as text, ${way}`;
  }
  if (typeof given !== 'string') return explainMissing(given, 'a number, with decimals as text ("1234.50")');
  return DECIMAL.test(given)
    ? null
    : `${show(given)} is no number: write it as "-1234.50", with at most 30 digits and 20 decimals`;
}

function explainMissing(given: unknown, wanted: string): string {
  return given === undefined
    ? `is missing: it has to be ${wanted}`
    : `has to be ${wanted}, and is ${show(given)}`;
}

function explainUnknown({ keys, schema, inst }: z.core.$ZodRawIssue & { code: 'unrecognized_keys' }): string {
  const { shape } = ((schema ?? inst) as unknown as z.ZodObject).def;
  const what = keys.map((key) => show(key)).join(', ');
  return `${what} ${keys.length === 1 ? 'is no word' : 'are no words'} here; these are: ${Object.keys(shape).join(', ')}`;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? show(values[0]) : `one of ${values.map(show).join(', ')}`;
}

/** As it stands in the file; of what is long, what it is. */
function show(given: unknown): string {
  if (Array.isArray(given)) return 'a list';
  if (given !== null && typeof given === 'object') return 'an object';
  const text = JSON.stringify(given);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
