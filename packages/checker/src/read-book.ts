import { createHash, createHmac } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Account, Book, Content, LoadedFile, Row } from './book.js';
import type { CheckInput } from './check-input.js';
import { accountDigits, isHeader, makeRowJudge, placeOf } from './judge-row.js';
import type { NumberSearch } from './search-numbers.js';
import type { DropRecord, ImportRecord } from './read-database.js';
import { readRecords } from './read-records.js';

/** The contents of all dropped files, by their hash: the same bytes are one. */
export function readContents(input: CheckInput): Map<string, Content> {
  const contents = new Map<string, Content>();
  for (const dropped of input.dropped) {
    const bytes = readFileSync(dropped.path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const known = contents.get(sha256);
    if (known) known.drops.push(dropped);
    else contents.set(sha256, { sha256, drops: [dropped], mustBeRefused: !canBeRead(bytes) });
  }
  return contents;
}

/** UTF-8, and the header of a transactions file. */
function canBeRead(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  const header = readHeader(bytes);
  return header !== null && isHeader(header);
}

class Enough extends Error {}

function readHeader(bytes: Buffer): string[] | null {
  let header: string[] | null = null;
  try {
    readRecords(bytes, ({ cells }) => {
      header = cells;
      throw new Enough();
    });
  } catch (err) {
    if (!(err instanceof Enough)) throw err;
  }
  return header;
}

/** Reads the rows of every content that is loaded, and gathers all account numbers. */
export function readBook(
  input: CheckInput,
  contents: Map<string, Content>,
  imports: readonly ImportRecord[],
  drops: readonly DropRecord[],
  numbers: NumberSearch,
): Book {
  const book: Book = { files: [], fileByNo: new Map(), accounts: new Map(), accountById: new Map() };
  for (const content of contents.values()) {
    const bytes = readFileSync(content.drops[0]!.path);
    if (content.mustBeRefused) {
      gatherNumbers(bytes, numbers);
      continue;
    }
    const record = imports.find((one) => one.sha256 === content.sha256);
    const file: LoadedFile = {
      content,
      record: record ?? noImport,
      drops: drops.filter((drop) => drop.importNo === record?.no && drop.refusedCode === ''),
      header: [],
      rows: [],
    };
    const isLoaded = record?.state === 'loaded';
    readRows(bytes, file, isLoaded ? makeAccounts(book, input.accountNumberKey, numbers) : null, numbers);
    if (!isLoaded) continue;
    book.files.push(file);
    book.fileByNo.set(file.record.no, file);
  }
  return book;
}

/** A file that may have vanished has numbers, too, that may be nowhere. */
const noImport = { no: '', fileName: '', state: '' } as ImportRecord;

function readRows(
  bytes: Buffer,
  file: LoadedFile,
  accountOf: ((digits: string) => Account) | null,
  numbers: NumberSearch,
): void {
  let judge: ReturnType<typeof makeRowJudge> | undefined;
  let numberAt = -1;
  readRecords(bytes, ({ line, cells, start, end }) => {
    if (!judge) {
      file.header = cells!;
      judge = makeRowJudge(file.header);
      numberAt = placeOf(file.header, 'account_number');
      return;
    }
    const good = cells && judge(cells);
    // That of a good row is taken when its account is met first.
    if (!good || !accountOf) numbers.addCell(cells?.[numberAt] ?? '');
    if (!accountOf) return;
    const row: Row = {
      file,
      line,
      start,
      end,
      account: good ? accountOf(good.digits) : null,
      id: good ? good.id : '',
      time: good ? good.time : '',
      cents: good ? good.cents : 0n,
      holder: good ? good.holder : '',
      fate: good ? null : 'invalid',
      isExcepted: false,
    };
    file.rows.push(row);
    if (row.account) addToAccount(row.account, row);
  });
}

function addToAccount(account: Account, row: Row): void {
  account.holders.add(row.holder);
  const known = account.rowsById.get(row.id);
  if (known === undefined) account.rowsById.set(row.id, row);
  else if (Array.isArray(known)) known.push(row);
  else account.rowsById.set(row.id, [known, row]);
}

function makeAccounts({ accounts }: Book, key: string, numbers: NumberSearch): (digits: string) => Account {
  return (digits) => {
    const known = accounts.get(digits);
    if (known) return known;
    const account: Account = {
      digits,
      hash: createHmac('sha256', key).update(digits).digest('hex'),
      rowsById: new Map(),
      holders: new Set(),
      stored: null,
      byImport: new Map(),
      byMonth: new Map(),
      balance: 0n,
    };
    accounts.set(digits, account);
    numbers.addCell(digits);
    return account;
  };
}

/** In a file that nobody can read as transactions, any cell may be an account number. */
function gatherNumbers(bytes: Buffer, numbers: NumberSearch): void {
  readRecords(bytes, ({ cells }) => {
    for (const cell of cells ?? []) if (accountDigits(cell) !== null) numbers.addCell(cell);
  });
}
