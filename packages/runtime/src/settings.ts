import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from './user-error.js';

const folder = (name: string) => z.string().min(1).default(name);

const timeZone = z
  .string()
  .refine((zone) => supports(() => new Intl.DateTimeFormat('en', { timeZone: zone })), {
    error: 'is not a time zone of the IANA list, such as Europe/Berlin',
  });

const locale = z.string().refine((tag) => supports(() => Intl.getCanonicalLocales(tag)), {
  error: 'is not a language tag, such as en-US',
});

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: 'is not a whole number' })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `is not between ${min} and ${max}` });

/** Every setting of the product: its name, its default, what it must look like. README has the table. */
export const settingSchemas = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'is not a postgres:// address' })
    .optional(),
  PASSBOOK_DIR: folder('.passbook'),
  IMPORTS_DIR: folder('imports'),
  PROCESSED_DIR: folder('processed'),
  QUARANTINE_DIR: folder('quarantine'),
  REPORTS_DIR: folder('reports'),
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: wholeNumber(0, 65_535).default(3000),
  API_AUTH: z
    .enum(['none'], { error: 'can only be "none" (which says: anyone who reaches the address may read)' })
    .optional(),
  ACCOUNT_NUMBER_KEY: z.string().min(16, { error: 'is shorter than 16 characters' }).optional(),
  TIME_ZONE: timeZone.default('UTC'),
  LOCALE: locale.default('en-US'),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'is not a currency code of three capital letters, such as USD' })
    .default('USD'),
  FILE_STABLE_MS: wholeNumber(10, 3_600_000).default(1000),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'is not one of trace, debug, info, warn, error, fatal, silent',
    })
    .optional(),
} as const;

export type SettingName = keyof typeof settingSchemas;
export type Settings<Name extends SettingName> = { [N in Name]: z.output<(typeof settingSchemas)[N]> };
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that hold a secret: each may instead be given as a file, by `<NAME>_FILE`. */
export const secretSettings: readonly SettingName[] = ['DATABASE_URL', 'ACCOUNT_NUMBER_KEY'];

/**
 * Reads settings from an environment. An empty value counts as not given.
 * @throws UserError (exit code 2) that lists all faults at once.
 */
export function readSettings<Name extends SettingName>(
  environment: Environment,
  names: readonly Name[],
): Settings<Name> {
  const faults: string[] = [];
  const values: Partial<Record<Name, unknown>> = {};
  for (const name of names) {
    const text = readText(environment, name, faults);
    const result = settingSchemas[name].safeParse(text);
    if (result.success) values[name] = result.data;
    else faults.push(`${name} ${result.error.issues[0]?.message ?? 'is not valid'}.`);
  }
  if (faults.length > 0)
    throw new UserError(`The configuration has faults:\n  ${faults.join('\n  ')}`, { exitCode: 2 });
  return values as Settings<Name>;
}

function readText(environment: Environment, name: SettingName, faults: string[]): string | undefined {
  const path = secretSettings.includes(name) ? environment[`${name}_FILE`] : undefined;
  const text = environment[name] || undefined;
  if (!path) return text;
  if (text !== undefined) {
    faults.push(`${name} and ${name}_FILE are both given: keep one.`);
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    faults.push(`${name}_FILE names the file ${path}, which cannot be read.`);
    return undefined;
  }
}

function supports(use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch {
    return false;
  }
}
