import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { copyExceptions, recordExceptions, type RowException } from './exceptions.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

/** More than fit into one piece or statement, with all that a text can have in it. */
const exceptions = Array.from({ length: 10_001 }, (_, at): RowException => ({
  line: at + 2,
  status: at % 2 === 0 ? 'duplicate' : 'quarantined',
  faults: [{ column: at % 3 === 0 ? null : 'a,"b"', code: 'X', message: `\\N \\" \t\n\r {}',•${at}` }],
}));

const read = async (importNo: number): Promise<unknown> =>
  (
    await database.query<{ line: bigint }>(
      'select line, status, faults from import_exceptions where import_no = $1 order by line',
      [importNo],
    )
  ).rows.map((row) => ({ ...row, line: Number(row.line) }));

test('exceptions are what was recorded, in both ways', async () => {
  await recordExceptions(database, 1, exceptions);
  const ofTwo = exceptions.map((one, at) => ({ ...one, importNo: 2 + (at % 2) }));
  await database.withTransaction((trx) => copyExceptions(trx, ofTwo));
  expect(await read(1)).toEqual(exceptions);
  expect(await read(2)).toEqual(exceptions.filter((_, at) => at % 2 === 0));
  expect(await read(3)).toEqual(exceptions.filter((_, at) => at % 2 === 1));
});

test('recorded once more they are left as they are; to copy them a second time is refused', async () => {
  const one = exceptions[0]!;
  await recordExceptions(database, 4, [one]);
  await recordExceptions(database, 4, [{ ...one, faults: [] }, exceptions[1]!]);
  expect(await read(4)).toEqual(exceptions.slice(0, 2));
  const copied = database.withTransaction((trx) => copyExceptions(trx, [{ ...one, importNo: 4 }]));
  await expect(copied).rejects.toMatchObject({ code: '23505' });
});
