import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { generateTransactions } from '../scripts/generate-transactions.mjs';
import { root, type Place } from './run-passbook.js';

/* What must be there when an import has ended, however it went. */

interface Expected {
  accounts: {
    last4: string;
    name: string;
    type: string;
    transactions: number;
    closingBalance: string;
    totalCredits: string;
    totalDebits: string;
    averageCredit: string;
    averageDebit: string;
    months: Record<string, number>;
  }[];
}

/** That a report folder has the ten statements of the sample, right to the cent. */
export async function expectSampleStatements(folder: string): Promise<void> {
  const expected = JSON.parse(
    await readFile(join(root, 'samples/transactions_test.expected.json'), 'utf8'),
  ) as Expected;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const found = await Promise.all(
    names.map(async (name) => {
      const statement = JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown> & {
        account: { last4: string; type: string };
        client: { name: string };
        months: { month: string; count: number }[];
        transactions: unknown[];
      };
      const { account, client, months, transactions } = statement;
      const figures = ['closingBalance', 'totalCredits', 'totalDebits', 'averageCredit', 'averageDebit'].map(
        (key): [string, unknown] => [key, statement[key]],
      );
      return {
        last4: account.last4,
        name: client.name,
        type: account.type,
        transactions: transactions.length,
        ...Object.fromEntries(figures),
        months: Object.fromEntries(months.map(({ month, count }) => [month, count])),
      };
    }),
  );
  const byLast4 = (a: { last4: string }, b: { last4: string }): number => (a.last4 < b.last4 ? -1 : 1);
  expect(found.sort(byLast4)).toEqual([...expected.accounts].sort(byLast4));
}

/**
 * That a generated file was imported whole: every row once, the sums right, the receipt foots, one statement per account.
 * @param duplicates rows that were added to it, and are in it twice
 */
export async function expectEverythingOnce(
  place: Place,
  name: string,
  answers: ReturnType<ReturnType<typeof generateTransactions>['answers']>,
  duplicates = 0,
): Promise<void> {
  expect(await place.list('processed')).toEqual([name, `${name}.receipt.json`]);
  expect(await place.list('imports')).toEqual([]);
  expect(await place.list('quarantine')).toEqual(answers.badRows > 0 ? [`${name}.rows.csv`] : []);
  const receipt = JSON.parse(await place.read(`processed/${name}.receipt.json`)) as Record<string, unknown>;
  expect(receipt).toMatchObject({
    rowsRead: answers.rows + duplicates,
    rowsPosted: answers.goodRows,
    rowsDuplicate: duplicates,
    rowsQuarantined: answers.badRows,
    accounts: answers.accountCount,
    amountPosted: answers.net,
    duplicateOf: null,
  });
  const folders = await place.list('reports');
  expect(folders).toHaveLength(1);
  const folder = folders[0]!;
  const statements = (await place.list(`reports/${folder}`)).filter((file) => file.endsWith('.json'));
  expect(statements).toHaveLength(answers.accountCount);
  // Of each account the page, the JSON and the mail; and the index.
  expect(await place.list(`reports/${folder}`)).toHaveLength(3 * answers.accountCount + 1);
  const found: string[] = [];
  for (const file of statements) {
    const { account, totalCredits, totalDebits, transactions } = JSON.parse(
      await place.read(`reports/${folder}/${file}`),
    ) as {
      account: { last4: string };
      totalCredits: string;
      totalDebits: string;
      transactions: { id: string }[];
    };
    expect(new Set(transactions.map((one) => one.id)).size).toBe(transactions.length);
    found.push(`${account.last4} ${transactions.length} ${totalCredits} ${totalDebits}`);
  }
  const expected = [...answers.accounts!].map(
    ([number, one]) =>
      `${number.slice(-4)} ${one.count} ${decimal(one.creditsMinor)} ${decimal(one.debitsMinor)}`,
  );
  expect(found.sort()).toEqual(expected.sort());
}

function decimal(minor: bigint): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
