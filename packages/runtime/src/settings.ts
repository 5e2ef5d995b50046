import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { fileSettings, folderSettings, settingSchemas, type SettingName } from './setting-schemas.js';
import { UserError } from './user-error.js';

export type Settings<Name extends SettingName> = { [N in Name]: z.output<(typeof settingSchemas)[N]> };
export type Environment = Readonly<Record<string, string | undefined>>;

type Values = Partial<Record<SettingName, unknown>>;

/** Where the user stands: npm runs scripts in the folder of package.json, and says in INIT_CWD where that is. */
export function standsIn(environment: Environment): string {
  return environment['INIT_CWD'] ?? process.cwd();
}

/**
 * Reads settings from an environment. An empty value counts as not given; folders become absolute paths.
 * @param required what may not be missing here, though it has no default
 * @throws UserError (exit code 2) that lists all faults at once.
 */
export function readSettings<Name extends SettingName, Required extends Name = never>(
  environment: Environment,
  names: readonly Name[],
  required: readonly Required[] = [],
): Settings<Name> & { [N in Required]: NonNullable<Settings<Name>[N]> } {
  const faults: string[] = [];
  const values: Values = {};
  for (const name of names) {
    const text = readText(environment, name, faults);
    const result = settingSchemas[name].safeParse(text);
    if (result.success) values[name] = result.data;
    else faults.push(`${name} ${result.error.issues[0]?.message ?? 'is not valid'}.`);
    if (result.success && result.data === undefined && required.some((one) => one === name))
      faults.push(`${name} is not given.`);
  }
  for (const name of folderSettings) {
    if (typeof values[name] === 'string') values[name] = resolve(standsIn(environment), values[name]);
  }
  faults.push(...findSameFolders(values), ...findKafkaFaults(values), ...findMailFaults(names, values));
  if (values.API_AUTH !== undefined && values.API_KEYS !== undefined)
    faults.push('API_AUTH=none and API_KEYS contradict each other: keep one.');
  if (faults.length > 0)
    throw new UserError(`The configuration has faults:\n  ${faults.join('\n  ')}`, { exitCode: 2 });
  return values as ReturnType<typeof readSettings<Name, Required>>;
}

function readText(environment: Environment, name: SettingName, faults: string[]): string | undefined {
  const path = fileSettings.includes(name) ? environment[`${name}_FILE`] : undefined;
  const text = environment[name] || undefined;
  if (!path) return text;
  if (text !== undefined) {
    faults.push(`${name} and ${name}_FILE are both given: keep one.`);
    return undefined;
  }
  try {
    const content = readFileSync(path, 'utf8').trim();
    if (content !== '') return content;
    faults.push(`${name}_FILE names the file ${path}, which is empty.`);
  } catch {
    faults.push(`${name}_FILE names the file ${path}, which cannot be read.`);
  }
  return undefined;
}

function findSameFolders(values: Values): string[] {
  return folderSettings.flatMap((name, at) => {
    const same = folderSettings
      .slice(0, at)
      .find((other) => values[name] !== undefined && values[other] === values[name]);
    return same === undefined
      ? []
      : [`${same} and ${name} are the same folder, ${String(values[name])}. Each needs one of its own.`];
  });
}

/** Where mails are sent, they need a sender. */
function findMailFaults(names: readonly SettingName[], values: Values): string[] {
  if (!names.includes('MAIL_FROM') || values.SMTP_URL === undefined || values.MAIL_FROM !== undefined)
    return [];
  return ['SMTP_URL without MAIL_FROM: mails need a sender, such as Passbook <passbook@example.com>.'];
}

function findKafkaFaults(values: Values): string[] {
  const faults: string[] = [];
  const given = (name: SettingName): boolean => values[name] !== undefined;
  const sasl = (['KAFKA_SASL_MECHANISM', 'KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const).map(given);
  if (sasl.includes(true) && sasl.includes(false))
    faults.push('KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD belong together: give all or none.');
  if (given('KAFKA_TLS_CERT') !== given('KAFKA_TLS_KEY'))
    faults.push('KAFKA_TLS_CERT and KAFKA_TLS_KEY belong together: give both or none.');
  const tls = (['KAFKA_TLS_CA', 'KAFKA_TLS_CERT', 'KAFKA_TLS_KEY'] as const).filter(given);
  if (tls.length > 0 && values.KAFKA_TLS === false)
    faults.push(`${tls.join(' and ')} without KAFKA_TLS=true would not be used.`);
  return faults;
}
