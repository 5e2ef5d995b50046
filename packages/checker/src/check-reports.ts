import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nameAccount, type Account, type Book, type LoadedFile, type Row } from './book.js';
import { checkClosings, type Closing } from './check-closings.js';
import { canBeMailed, checkMail } from './check-mail.js';
import { checkStatement } from './check-statement.js';
import type { Findings } from './findings.js';
import { writeDollars } from './money.js';
import type { DatabaseView } from './read-database.js';
import type { NumberSearch } from './search-numbers.js';

/** A name of at most 255 bytes must have room for the longest ending and the id of a temporary file. */
const STEM_BYTES_MAX = 255 - 64;

/**
 * Every loaded import has its folder in reports/, with the statements of exactly the accounts that it posted to, and the index.
 * Each file is read once: for its figures, and for account numbers.
 * @returns how many statements there are
 */
export async function checkReports(
  findings: Findings,
  book: Book,
  view: DatabaseView,
  numbers: NumberSearch,
  folder: string,
): Promise<number> {
  const stored = await readStored(findings, book, view);
  const folders = new Set(readdirSync(folder));
  const closings = new Map<Account, Closing[]>();
  let statements = 0;
  for (const file of book.files) {
    const name = nameFolder(file);
    const due = stored.get(file.record.no) ?? new Map<string, string>();
    if (!folders.delete(name)) {
      findings.add('reports', `the folder ${name} is not there`);
      continue;
    }
    const path = join(folder, name);
    if (!statSync(path).isDirectory()) {
      findings.add('reports', `${name} is no folder`);
      continue;
    }
    statements += checkFolder({ findings, numbers, file, path, name, due, closings });
  }
  for (const name of folders) findings.add('reports', `${name} is there, and of no import`);
  checkClosings(findings, closings);
  return statements;
}

interface ReportFolder {
  findings: Findings;
  numbers: NumberSearch;
  file: LoadedFile;
  path: string;
  name: string;
  /** The closing balances that are stored for the statements, by the id of the account. */
  due: Map<string, string>;
  closings: Map<Account, Closing[]>;
}

/** All rows of `reports` are done, and there is one for each statement and index that must be. */
async function readStored(
  findings: Findings,
  book: Book,
  view: DatabaseView,
): Promise<Map<string, Map<string, string>>> {
  const stored = new Map<string, Map<string, string>>();
  await view.each(
    `select import_no, coalesce(account_id::text, ''), state, coalesce(snapshot->>'closing', '') from reports`,
    ([importNo, accountId, state, closing]) => {
      const file = book.fileByNo.get(importNo!);
      if (!file) return findings.add('reports', `one is stored for import ${importNo}, which is not loaded`);
      const what = accountId === '' ? 'the index' : `the statement of account ${accountId}`;
      if (state !== 'done') findings.add('reports', `${what} of ${file.record.fileName} is ${state}`);
      const account = book.accountById.get(accountId!);
      if (accountId !== '' && !account?.byImport.has(file))
        findings.add('reports', `${what} of ${file.record.fileName} is stored, and must not be`);
      let own = stored.get(importNo!);
      if (!own) stored.set(importNo!, (own = new Map<string, string>()));
      own.set(accountId!, closing!);
    },
  );
  return stored;
}

function nameFolder({ record }: LoadedFile): string {
  const ending = `-${record.id.slice(0, 8)}`;
  const point = record.fileName.lastIndexOf('.');
  const stem = [...(point > 0 ? record.fileName.slice(0, point) : record.fileName)];
  while (Buffer.byteLength(stem.join('') + ending) > STEM_BYTES_MAX) stem.pop();
  return stem.join('') + ending;
}

/** @returns how many statements there are */
function checkFolder(folder: ReportFolder): number {
  const { findings, file, path, name, due } = folder;
  const names = new Set(readdirSync(path));
  for (const one of names) {
    const found = folder.numbers.find(`${name}/${one}`);
    if (found) findings.add('numbers', `the name of ${name}/${one} has that of account …${found}`);
  }
  if (!due.has('')) findings.add('reports', `no index is stored for ${file.record.fileName}`);
  const index = takeFile(folder, names, 'index.html');
  if (index !== null && !index.trimEnd().endsWith('</html>'))
    findings.add('reports', `${name}/index.html is not whole`);
  const postings = groupPosted(file);
  for (const [account, rows] of postings) checkPair(folder, names, account, rows);
  for (const one of names) findings.add('reports', `${name}/${one} is there, and must not be`);
  return postings.size;
}

function groupPosted(file: LoadedFile): Map<Account, Row[]> {
  const groups = new Map<Account, Row[]>();
  for (const row of file.rows) {
    if (row.fate !== 'posted' || !row.account?.stored) continue;
    const rows = groups.get(row.account);
    if (rows) rows.push(row);
    else groups.set(row.account, [row]);
  }
  return groups;
}

/** The statement of one account: the JSON is held to the rows, the page to the JSON. */
function checkPair(folder: ReportFolder, names: Set<string>, account: Account, rows: readonly Row[]): void {
  const { findings, file, name, due, closings } = folder;
  const { id } = account.stored!;
  const place = `${name}/account-${id}`;
  if (!due.has(id))
    findings.add(
      'reports',
      `no statement of the ${nameAccount(account)} is stored for ${file.record.fileName}`,
    );
  const json = takeFile(folder, names, `account-${id}.json`);
  const html = takeFile(folder, names, `account-${id}.html`);
  const closing =
    json === null ? null : checkStatement(findings, { place: `${place}.json`, json, file, account, rows });
  if (closing !== null) {
    if (due.has(id) && due.get(id) !== String(closing))
      findings.add('statements', `${place}.json closes with another balance than is stored for it`);
    const all = closings.get(account) ?? [];
    closings.set(account, [...all, { file, closing, place }]);
  }
  checkMailOf(folder, names, { account, rows, closing });
  if (html === null) return;
  if (!html.trimEnd().endsWith('</html>')) findings.add('statements', `${place}.html is not whole`);
  const mustHave = [account.digits.slice(-4), ...(closing === null ? [] : [writeDollars(closing)])];
  for (const text of mustHave) {
    if (!html.includes(text)) findings.add('statements', `${place}.html does not say ${text}`);
  }
}

/** Whoever can be mailed has a mail beside the statement, and nobody else. */
function checkMailOf(
  folder: ReportFolder,
  names: Set<string>,
  about: { account: Account; rows: readonly Row[]; closing: bigint | null },
): void {
  const { id, email } = about.account.stored!;
  if (!canBeMailed(email)) return;
  const { findings, numbers, file, name } = folder;
  const eml = takeFile(folder, names, `account-${id}.eml`);
  if (eml === null) return;
  const place = `${name}/account-${id}.eml`;
  checkMail(findings, { ...about, place, eml, importId: file.record.id, numbers });
}

/** @returns the content of a file that must be there, or null */
function takeFile(
  { findings, numbers, path, name }: ReportFolder,
  names: Set<string>,
  file: string,
): string | null {
  if (!names.delete(file)) {
    findings.add('reports', `${name}/${file} is not there`);
    return null;
  }
  // What is looked for in a page is ASCII; to decode the rest of it would take most of the time.
  const text = readFileSync(join(path, file), file.endsWith('.html') ? 'latin1' : 'utf8');
  const found = numbers.find(text);
  if (found) findings.add('numbers', `${name}/${file} holds that of account …${found}`);
  return text;
}
