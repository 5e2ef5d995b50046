import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findOutcome, listOutcomes, makeFeeds, readOutcomes, type RowOutcome } from '@passbook/feeds';
import {
  makeTestDatabase,
  newAccountNumber,
  transactionRow,
  transactionsHeader,
  type TestDatabase,
} from '@passbook/testing';
import fc from 'fast-check';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

const feed = makeFeeds({ accountNumberKey: null })[0]!;

let database: TestDatabase;
let house: TestHouse;
beforeAll(async () => {
  database = await makeTestDatabase();
  house = await makeTestHouse(database);
});
afterAll(async () => {
  await house.remove();
  await database.drop();
});

async function readAll(importNo: number): Promise<RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  await database.withConnection(async (connection) => {
    for await (const part of readOutcomes(connection, feed, importNo)) outcomes.push(...part);
  });
  return outcomes;
}

describe('the outcomes of an import', () => {
  test('say of each row its transaction, what it repeats, or its faults', async () => {
    const first = { account: newAccountNumber(), id: randomUUID(), amount: '5' };
    const earlier = await house.importRows([transactionRow(first)], 'earlier.csv');
    const second = { account: first.account, id: randomUUID() };
    const { importNo, receipt, statements } = await house.importRows([
      transactionRow(first),
      transactionRow(second),
      transactionRow(second),
      transactionRow({ ...second, amount: '7' }),
      transactionRow({ amount: 'much', email: 'nobody' }),
    ]);
    const fault = { message: expect.any(String) };
    const transaction = {
      id: second.id,
      accountId: statements[0]!.account.id,
      last4: first.account.slice(-4),
    };
    expect(await readAll(importNo)).toEqual([
      {
        line: 2,
        outcome: 'duplicate',
        transaction: null,
        duplicateOf: { importId: earlier.receipt.importId, line: 2 },
        faults: [expect.objectContaining({ code: 'DUPLICATE' })],
      },
      { line: 3, outcome: 'posted', transaction, duplicateOf: null, faults: [] },
      {
        line: 4,
        outcome: 'duplicate',
        transaction: null,
        duplicateOf: { importId: receipt.importId, line: 3 },
        faults: [expect.objectContaining({ code: 'DUPLICATE' })],
      },
      {
        line: 5,
        outcome: 'quarantined',
        transaction: null,
        duplicateOf: null,
        faults: [
          {
            column: 'operation_id',
            code: 'CONFLICT',
            ...fault,
            first: { importId: receipt.importId, line: 3 },
          },
        ],
      },
      {
        line: 6,
        outcome: 'quarantined',
        transaction: null,
        duplicateOf: null,
        faults: [
          { column: 'email', code: 'EMAIL', ...fault },
          { column: 'transaction', code: 'TYPE_AMOUNT', ...fault },
        ],
      },
    ]);
  });

  test('can be had by line, in pages, and of one kind', async () => {
    const rows = Array.from({ length: 9 }, (_, at) => transactionRow(at % 3 === 0 ? { amount: 'x' } : {}));
    const { importNo } = await house.importRows([...rows, rows[1]!]);
    const all = await readAll(importNo);
    expect(all.map((one) => one.line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const page = { outcome: null, afterLine: 3, limit: 4 } as const;
    expect(await listOutcomes(database, feed, importNo, page)).toEqual(all.slice(2, 6));
    for (const outcome of ['posted', 'duplicate', 'quarantined'] as const) {
      const kind = all.filter((one) => one.outcome === outcome);
      expect(await listOutcomes(database, feed, importNo, { outcome, afterLine: 0, limit: 500 })).toEqual(
        kind,
      );
      expect(await findOutcome(database, feed, importNo, kind[0]!.line)).toEqual(kind[0]);
    }
    expect(await findOutcome(database, feed, importNo, 1)).toBeNull();
    expect(await findOutcome(database, feed, importNo, 12)).toBeNull();
  });

  test('are read no further than they are wanted, and the connection is free again', async () => {
    const { importNo } = await house.importRows([transactionRow(), transactionRow()]);
    await database.withConnection(async (connection) => {
      for (let times = 0; times < 2; times++) {
        for await (const part of readOutcomes(connection, feed, importNo)) {
          expect(part).toHaveLength(2);
          break;
        }
      }
    });
  });
});

/** A row of a generated file: new, bad in one of the ways that a row can be, or about the id of an earlier one. */
type Piece =
  | { kind: 'new'; account: number; amount: number; isSpread: boolean }
  | { kind: 'bad'; way: number }
  | { kind: 'again'; of: number; isChanged: boolean }
  | { kind: 'empty line' };

const pieces = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('new' as const),
        account: fc.nat(3),
        amount: fc.integer({ min: -9, max: 9 }),
        isSpread: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('bad' as const), way: fc.nat(3) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('again' as const),
        of: fc.nat(),
        isChanged: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'empty line' as const }) },
  ),
  { maxLength: 40 },
);

const badRow: ((row: string) => string)[] = [
  (row) => row.split(',').slice(1).join(','),
  (row) => `${row},more`,
  (row) => row.replace(/[^,]*$/, 'x'),
  (row) => row.replace('Ann', 'An"n'),
];

/** The text of a file, and the lines on which its records begin. Ids that other files of the run have are used again. */
function makeFile(given: readonly Piece[], known: Parameters<typeof transactionRow>[0][]): Made {
  const lines: number[] = [];
  let text = `${transactionsHeader}\n`;
  let line = 2;
  for (const piece of given) {
    if (piece.kind === 'empty line') {
      text += '\n';
      line += 1;
      continue;
    }
    lines.push(line);
    let row: string;
    if (piece.kind === 'bad') row = badRow[piece.way]!(transactionRow());
    else if (piece.kind === 'again' && known.length > 0) {
      const cells = known[piece.of % known.length]!;
      row = transactionRow(piece.isChanged ? { ...cells, amount: '77' } : cells);
    } else {
      const isSpread = piece.kind === 'new' && piece.isSpread;
      const cells = {
        account: String(700_000_000_000 + (piece.kind === 'new' ? piece.account : 0)),
        id: randomUUID(),
        amount: String(piece.kind === 'new' ? piece.amount : 1),
        first: isSpread ? '"An\nn"' : 'Ann',
      };
      known.push(cells);
      row = transactionRow(cells);
    }
    text += `${row}\n`;
    line += row.includes('\n') ? 2 : 1;
  }
  return { text, lines };
}

interface Made {
  text: string;
  lines: number[];
}

test('of any file the outcomes name each record once, in its order, and their counts are those of the receipt', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 3 }), async (files) => {
      const known: Parameters<typeof makeFile>[1] = [];
      for (const given of files) {
        const { text, lines } = makeFile(given, known);
        const { importNo, receipt } = await house.importText(text, `${randomUUID()}.csv`);
        if (receipt.duplicateOf !== null) continue;
        const outcomes = await readAll(importNo);
        expect(outcomes.map((one) => one.line)).toEqual(lines);
        const count = (kind: RowOutcome['outcome']): number =>
          outcomes.filter((one) => one.outcome === kind).length;
        expect([count('posted'), count('duplicate'), count('quarantined')]).toEqual([
          receipt.rowsPosted,
          receipt.rowsDuplicate,
          receipt.rowsQuarantined,
        ]);
        for (const { outcome, transaction, duplicateOf, faults } of outcomes) {
          expect(transaction !== null).toBe(outcome === 'posted');
          expect(duplicateOf !== null).toBe(outcome === 'duplicate');
          expect(faults.length > 0).toBe(outcome !== 'posted');
        }
      }
    }),
    { numRuns: 15 },
  );
});
