import { describe, expect, test } from '@jest/globals';
import type { Drop, Import, Receipt } from '@passbook/imports';
import { renderOutcome } from './render-outcome.js';

const receipt: Receipt = {
  importId: '048ce85a-0000-5000-8000-000000000000',
  file: 'gtr_report.csv',
  sha256: 'ab',
  feed: 'gtr_report',
  state: 'loaded',
  rowsRead: 3,
  rowsPosted: 2,
  rowsDuplicate: 1,
  rowsQuarantined: 0,
  accounts: 0,
  accountsWithoutAddress: 0,
  amountPosted: null,
  contradictions: 0,
  startedAt: '2026-11-22T05:51:39Z',
  finishedAt: null,
  duplicateOf: null,
};

const render = (hasStatements: boolean, json = false): string =>
  renderOutcome(
    {
      drop: { path: '/in/gtr_report.csv', finalName: 'gtr_report.csv', refusal: null } as Drop,
      one: { fileName: receipt.file, id: receipt.importId } as Import,
      receipt,
      deliveries: null,
      mailTrouble: null,
      hasStatements,
      config: {
        PROCESSED_DIR: 'processed',
        QUARANTINE_DIR: 'quarantine',
        REPORTS_DIR: 'reports',
        SMTP_URL: undefined,
      },
    },
    { json, showPath: (path) => path },
  );

describe('what is printed for a file', () => {
  const ofStatements = /accounts|amountPosted|contradictions/;

  test('says nothing of accounts and money where a feed has none, and all the rest', () => {
    expect(render(false)).not.toMatch(ofStatements);
    for (const name of ['importId', 'rowsRead', 'rowsQuarantined', 'finishedAt', 'duplicateOf'])
      expect(render(false)).toContain(`  ${name} `);
    expect(render(true)).toMatch(ofStatements);
  });

  test('has every field for programs, whatever the feed', () => {
    expect(JSON.parse(render(false, true))).toEqual(receipt);
  });
});
