import { z } from 'zod';
import type { Message } from './message.js';

/*
 * What other services are told of the ledger, as CloudEvents 1.0 in their JSON form: the same over Kafka and over HTTP.
 * docs/events.md explains them; the files in schemas/ are made of this one (npm run schemas).
 */

/** Raised for a type whose data changes in a way that readers would notice. More properties are no such change. */
const VERSION = 'v1';

const transferId = z.guid().describe('The transfer that it comes from');
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217');
const balance = amount.describe('The balance of the account just after the transfer: a decimal number');
const rows = (what: string) => z.int().nonnegative().describe(`Rows ${what}`);
const money = z.looseObject({ transferId, balance, currency });

/** What each type of event says beside its envelope, and an example. */
const kinds = {
  transfer_posted: {
    description:
      'A leg of a transfer was posted to the account: a transfer between two accounts is two events.',
    subject: 'The account',
    data: z.looseObject({
      transferId,
      kind: z.enum(['deposit', 'withdrawal', 'transfer', 'reversal']),
      amount: amount.describe('A decimal number; positive: a credit to the account'),
      currency,
      balance,
      occurredAt: z.iso.datetime().describe('When it takes effect; may lie in the past'),
      reverses: z.guid().nullable().describe('The transfer that it is the reversal of'),
    }),
    example: {
      transferId: '0b7f7f2e-53f5-4f7f-9a0c-3c1f2b1f5f10',
      kind: 'deposit',
      amount: '50.00',
      currency: 'USD',
      balance: '50.00',
      occurredAt: '2026-03-01T09:30:00Z',
      reverses: null,
    },
  },
  money_available: {
    description:
      'The account has money again: its balance was at its least (0, unless another was set), and is above.',
    subject: 'The account',
    data: money,
    example: { transferId: '0b7f7f2e-53f5-4f7f-9a0c-3c1f2b1f5f10', balance: '50.00', currency: 'USD' },
  },
  money_exhausted: {
    description:
      'The account has no money left: its balance was above its least (0, unless another was set), and is not.',
    subject: 'The account',
    data: money,
    example: { transferId: '5e0e6a3b-8f0b-4f8e-8a62-2a9b8f0a4b11', balance: '0.00', currency: 'USD' },
  },
  import_loaded: {
    description: 'Every row of a file is accounted for. Its rows are told by no events of their own.',
    subject: 'The import',
    data: z.looseObject({
      importId: z.guid(),
      feed: z.string().describe('The kind of file'),
      rowsRead: rows('of the file: the sum of the three below'),
      rowsPosted: rows('that were posted'),
      rowsDuplicate: rows('that repeat one that was posted'),
      rowsQuarantined: rows('with faults'),
    }),
    example: {
      importId: '6f2d1c0e-3b58-5b7e-9a55-0d6c4f1e7a22',
      feed: 'transactions',
      rowsRead: 1000,
      rowsPosted: 990,
      rowsDuplicate: 4,
      rowsQuarantined: 6,
    },
  },
} as const;

export type EventType = keyof typeof kinds;

/** What an event of a type says. */
export type EventData<Type extends EventType = EventType> = z.output<(typeof kinds)[Type]['data']>;

/** An event as the ledger holds it. */
export interface LedgerEvent {
  id: bigint;
  /** Null: it is of no account. */
  accountId: bigint | null;
  type: EventType;
  data: EventData;
  createdAt: string;
}

const envelope = (type: EventType) => {
  const { description, subject, data } = kinds[type];
  return z
    .looseObject({
      specversion: z.literal('1.0'),
      id: z
        .string()
        .regex(/^\d+$/)
        .describe('Rises with the events of one subject; the same event always has the same'),
      source: z.string().describe('The installation: urn:passbook:ledger: and its UUID'),
      type: z.literal(nameType(type)),
      subject: z.string().describe(`${subject}: its id`),
      time: z.iso.datetime().describe('When it happened'),
      datacontenttype: z.literal('application/json'),
      data,
    })
    .meta({ title: nameType(type), description });
};

/** The schema of each type of event, its envelope included. */
export const eventSchemas = {
  transfer_posted: envelope('transfer_posted'),
  money_available: envelope('money_available'),
  money_exhausted: envelope('money_exhausted'),
  import_loaded: envelope('import_loaded'),
};

/** An event as others get it. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  data: EventData;
}

/** @param installationId tells the events of one installation from those of others */
export function toCloudEvent(event: LedgerEvent, installationId: string): CloudEvent {
  const { id, accountId, type, data, createdAt } = event;
  return {
    specversion: '1.0',
    id: String(id),
    source: `urn:passbook:ledger:${installationId}`,
    type: nameType(type),
    subject: accountId === null ? String((data as EventData<'import_loaded'>).importId) : String(accountId),
    time: createdAt,
    datacontenttype: 'application/json',
    data,
  };
}

/** An event as a message for the topic `ledger.events`: structured, as the Kafka binding of CloudEvents calls it. */
export function encodeEvent(event: CloudEvent): Message {
  return {
    key: event.subject,
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
    value: Buffer.from(JSON.stringify(event)),
  };
}

/** A JSON Schema (2020-12) for each type of event, by the name of its file in schemas/, with an example. */
export function describeEvents(): Record<string, object> {
  const types = Object.keys(kinds) as EventType[];
  return Object.fromEntries(
    types.map((type, at) => {
      const event: LedgerEvent = {
        id: BigInt(4711 + at),
        accountId: type === 'import_loaded' ? null : 42n,
        type,
        data: kinds[type].example,
        createdAt: '2026-03-01T09:30:00.123456Z',
      };
      const schema = z.toJSONSchema(eventSchemas[type], {
        // Of what has a format the pattern says the same, and nobody can read it.
        override: ({ jsonSchema }) => (jsonSchema.format === undefined ? {} : delete jsonSchema.pattern),
      });
      const example = toCloudEvent(event, '7f3c1a52-0c1b-4a49-9a3e-5f0d2f6f8c21');
      return [
        `${type}.${VERSION}.json`,
        { $id: `urn:passbook:event:${type}.${VERSION}`, ...schema, examples: [example] },
      ];
    }),
  );
}

function nameType(type: EventType): `passbook.${EventType}.${typeof VERSION}` {
  return `passbook.${type}.${VERSION}`;
}
