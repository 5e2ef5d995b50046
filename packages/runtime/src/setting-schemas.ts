import { z } from 'zod';
import { readMailbox } from './read-mailbox.js';
import { readSmtpUrl } from './smtp-server.js';

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
    .regex(/^\d{1,15}$/, { error: 'is not a whole number' })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `is not between ${min} and ${max}` });

/** How many rows of a file may be bad: so many, or so many thousandths of a percent of all. */
export type RejectThreshold = ({ rows: number } | { thousandths: number }) & { text: string };

const rejectThreshold = z
  .string()
  .regex(/^(\d{1,9}|(100|\d{1,2})(\.\d{1,3})?%)$/, {
    error: 'is neither a number of rows, such as 100, nor a share of them, such as 2.5%',
  })
  .transform((text): RejectThreshold =>
    text.endsWith('%')
      ? { thousandths: Math.round(Number(text.slice(0, -1)) * 1000), text }
      : { rows: Number(text), text },
  );

const mailbox = z
  .string()
  .transform((text, context) => {
    const found = readMailbox(text);
    if (found) return found;
    context.addIssue({
      code: 'custom',
      message: 'is neither an address, such as passbook@example.com, nor Name <passbook@example.com>',
    });
    return z.NEVER;
  })
  .optional();

/** Never shows what was given: it may hold a password. */
const smtpServer = z.string().transform((text, context) => {
  const server = readSmtpUrl(text);
  if (typeof server !== 'string') return server;
  context.addIssue({ code: 'custom', message: server });
  return z.NEVER;
});

const minutes = z
  .string()
  .regex(/^[1-9]\d{0,4}(,[1-9]\d{0,4})*$/, { error: 'is not a list of minutes, such as 5,30,60' })
  .transform((list) => list.split(',').map(Number));

const pem = z.string().includes('-----BEGIN ', { error: 'is not in PEM' }).optional();

/** Who may use the API, as API_KEYS has it. The key itself is nowhere: only its hash. */
export interface ApiKey {
  /** Whose keys of repeated requests they are. */
  name: string;
  scope: 'read' | 'write';
  sha256: Buffer;
}

const apiKeyText = /^([A-Za-z0-9._-]{1,64}):(read|write):([0-9a-fA-F]{64})$/;

const apiKeys = z.string().transform((list, context): ApiKey[] => {
  const entries = list.split(/[\s,]+/).filter((entry) => entry !== '');
  const matches = entries.map((entry) => apiKeyText.exec(entry)).filter((match) => match !== null);
  if (matches.length < entries.length || entries.length === 0) {
    context.addIssue('is not a list name:scope:sha256,… as "passbook keys make NAME" prints it');
    return z.NEVER;
  }
  if (new Set(matches.map(([, name]) => name)).size < matches.length) {
    context.addIssue('has two keys of one name: repeated requests are known by the name and their own key');
    return z.NEVER;
  }
  return matches.map(([, name, scope, sha256]) => ({
    name: name!,
    scope: scope as ApiKey['scope'],
    sha256: Buffer.from(sha256!, 'hex'),
  }));
});

/** Every setting of the product: its name, its default, what it must look like. README has the table. */
export const settingSchemas = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'is not a postgres:// address' })
    .refine((url) => supports(() => new URL(url)), {
      error: 'is not an address: write # / ? @ and : in its user or password as %23 %2F %3F %40 %3A',
    })
    .optional(),
  PASSBOOK_DIR: folder('.passbook'),
  IMPORTS_DIR: folder('imports'),
  PROCESSED_DIR: folder('processed'),
  QUARANTINE_DIR: folder('quarantine'),
  REPORTS_DIR: folder('reports'),
  FORMATS_DIR: folder('formats'),
  FEED_DEFINITIONS_DIR: folder('feed-definitions'),
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, { error: 'is not a list host:port,host:port' })
    .transform((list) => list.split(','))
    .optional(),
  KAFKA_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/, { error: 'may have letters, digits, dots, - and _ only' })
    .optional(),
  KAFKA_TLS: z
    .enum(['true', 'false'], { error: 'is neither true nor false' })
    .default('false')
    .transform((text) => text === 'true'),
  KAFKA_TLS_CA: pem,
  KAFKA_TLS_CERT: pem,
  KAFKA_TLS_KEY: pem,
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], {
      error: 'is not one of plain, scram-sha-256, scram-sha-512',
    })
    .optional(),
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: wholeNumber(0, 65_535).default(3000),
  HEALTH_PORT: wholeNumber(0, 65_535).optional(),
  API_AUTH: z
    .enum(['none'], {
      error: 'can only be "none" (which says: anyone who reaches the address may read, and move money)',
    })
    .optional(),
  API_KEYS: apiKeys.optional(),
  API_RATE_LIMIT: wholeNumber(1, 1_000_000).default(1000),
  ACCOUNT_NUMBER_KEY: z.string().min(16, { error: 'is shorter than 16 characters' }).optional(),
  TIME_ZONE: timeZone.default('UTC'),
  LOCALE: locale.default('en-US'),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'is not a currency code of three capital letters, such as USD' })
    .default('USD'),
  FILE_STABLE_MS: wholeNumber(10, 3_600_000).default(1000),
  WINDOW_ROWS: wholeNumber(1, 1_000_000).default(200_000),
  FILE_BYTES_MAX: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(64 * 1024 ** 3),
  REJECT_THRESHOLD: rejectThreshold.optional(),
  MAIL_FROM: mailbox,
  SMTP_URL: smtpServer.optional(),
  UNKNOWN_DELIVERY: z.enum(['resend', 'hold'], { error: 'is neither resend nor hold' }).default('resend'),
  MAILS_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
  MAIL_RETRY_MINUTES: minutes.default([5, 30, 60, 120, 240]),
  MAIL_GIVE_UP_HOURS: wholeNumber(1, 1_000).default(96),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'is not one of trace, debug, info, warn, error, fatal, silent',
    })
    .optional(),
} as const;

export type SettingName = keyof typeof settingSchemas;

/** Settings that hold a secret or a whole file: each may instead be given as a file, by `<NAME>_FILE`. */
export const fileSettings: readonly SettingName[] = [
  'DATABASE_URL',
  'ACCOUNT_NUMBER_KEY',
  'SMTP_URL',
  'API_KEYS',
  'KAFKA_PASSWORD',
  'KAFKA_TLS_CA',
  'KAFKA_TLS_CERT',
  'KAFKA_TLS_KEY',
];

/** Settings that name a folder. What comes out of one would go in again if two were the same. */
export const folderSettings = [
  'PASSBOOK_DIR',
  'IMPORTS_DIR',
  'PROCESSED_DIR',
  'QUARANTINE_DIR',
  'REPORTS_DIR',
  'FORMATS_DIR',
  'FEED_DEFINITIONS_DIR',
] as const satisfies readonly SettingName[];

function supports(use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch {
    return false;
  }
}
