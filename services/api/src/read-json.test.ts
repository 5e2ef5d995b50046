import { describe, expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import { readJson, writePlain } from './read-json.js';

describe('a number of JSON is read from its text', () => {
  test.each([
    ['500.5', '500.5'],
    ['1001.0', '1001'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.10', '1.1'],
    ['10.0e-1', '1'],
    ['5e-3', '0.005'],
    ['-0.0', '0'],
    ['0e999999999999', '0'],
    ['-12.50', '-12.5'],
    ['0.1', '0.1'],
    ['90071992547409.93', '90071992547409.93'],
    ['123456e-3', '123.456'],
    ['100', '100'],
    ['1e1001', null],
    ['1e-1001', null],
    ['1e99999999999999999999999', null],
  ])('%s is %s', (text, plain) => {
    expect(writePlain(new LosslessNumber(text))).toBe(plain);
  });

  test('of a hundred thousand digits, at once', () => {
    const zeros = '0'.repeat(100_000);
    expect(writePlain(new LosslessNumber(`1.${zeros}1`))).toBe(`1.${zeros}1`);
    expect(writePlain(new LosslessNumber(`1.${zeros}`))).toBe('1');
  });
});

describe('what is no JSON is a SyntaxError', () => {
  test.each([
    ['blanks', '  '],
    ['a name twice with two values', '{"amount":1,"amount":2}'],
    ['full-width digits', '{"amount":１}'],
    ['an underscore', '{"amount":1_000}'],
    ['a leading zero', '{"amount":01}'],
    ['more after the end', '{} {}'],
    ['a comma too many', '{"a":1,}'],
    ['a hundred thousand brackets', '['.repeat(100_000)],
    ['NaN', '{"amount":NaN}'],
  ])('%s', (_name, text) => {
    expect(() => readJson(Buffer.from(text))).toThrow(SyntaxError);
  });

  test('bytes that are not UTF-8', () => {
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(SyntaxError);
  });
});

test('a property __proto__ changes no prototype', () => {
  const value = readJson(Buffer.from('{"__proto__":{"amount":"5"}}')) as Record<string, unknown>;
  expect(value['amount']).toBeUndefined();
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
