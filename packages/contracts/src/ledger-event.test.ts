import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describeEvents, encodeEvent, toCloudEvent } from './ledger-event.js';

const folder = new URL('../schemas/', import.meta.url);
const schemas = Object.entries(describeEvents());

test('the files in schemas/ are those of the code: npm run schemas writes them', () => {
  const files = readdirSync(folder).sort();
  expect(files).toEqual(schemas.map(([name]) => name).sort());
  for (const [name, schema] of schemas)
    expect(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))).toEqual(schema);
});

describe.each(schemas)('the schema %s', (name, schema) => {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  const isValid = ajv.compile(schema);
  const example = (schema as { examples: Record<string, unknown>[] }).examples[0]!;
  const data = example['data'] as Record<string, unknown>;

  test('takes its example, also with more than it knows', () => {
    expect([isValid(example), isValid.errors]).toEqual([true, null]);
    expect(isValid({ ...example, data: { ...data, addedLater: 1 }, traceparent: 'x' })).toBe(true);
  });

  test('takes none of which a part is missing', () => {
    for (const key of Object.keys(example))
      expect([key, isValid(without(example, key))]).toEqual([key, false]);
    for (const key of Object.keys(data))
      expect([key, isValid({ ...example, data: without(data, key) })]).toEqual([key, false]);
  });

  test('takes no event of another type or version', () => {
    for (const type of ['passbook.other.v1', String(example['type']).replace('v1', 'v2')])
      expect([name, type, isValid({ ...example, type })]).toEqual([name, type, false]);
  });
});

test('an amount that is a number is none', () => {
  const ajv = new Ajv2020();
  addFormats.default(ajv);
  const schema = describeEvents()['money_available.v1.json'] as { examples: { data: object }[] };
  const [example] = schema.examples;
  expect(ajv.validate(schema, { ...example, data: { ...example!.data, balance: 50 } })).toBe(false);
});

test('an event goes to the partition of its account, as JSON', () => {
  const event = toCloudEvent(
    {
      id: 9_007_199_254_740_993n,
      accountId: 42n,
      type: 'money_available',
      data: { transferId: '0b7f7f2e-53f5-4f7f-9a0c-3c1f2b1f5f10', balance: '1.00', currency: 'USD' },
      createdAt: '2026-03-01T09:30:00Z',
    },
    '7f3c1a52-0c1b-4a49-9a3e-5f0d2f6f8c21',
  );
  const message = encodeEvent(event);
  expect(message.key).toBe('42');
  expect(JSON.parse(message.value.toString())).toMatchObject({
    id: '9007199254740993',
    source: 'urn:passbook:ledger:7f3c1a52-0c1b-4a49-9a3e-5f0d2f6f8c21',
    type: 'passbook.money_available.v1',
  });
});

function without(object: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
