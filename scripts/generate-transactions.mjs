/**
 * Makes transactions files of any size for demonstrations, tests and benches, with the answers that an import must give.
 *
 * Rows have numbers, account by account: row = account * operations + operation. All that a row says follows from the
 * options and its number. Two permutations of these numbers give its place in time and its place in the file, and each is
 * computed (forwards and backwards) instead of stored. So no row is ever held, and memory grows with the accounts alone.
 *
 * The same options give the same bytes on every platform: what is random is 32-bit integer arithmetic.
 */

import { checkOptions, SECONDS_PER_DAY, writeDay } from './generate-options.mjs';
import { makePermutation, makeRandom, mix } from './generate-random.mjs';

/** One write each: large enough that calls do not count, small enough to stay in the cache of a processor. */
const PIECE_CHARS = 64 * 1024;

/** 10,000.00: amounts are -10,000.00 to 10,000.00, and never zero, which would be neither credit nor debit. */
const AMOUNT_MINOR_MAX = 1_000_000;

const columns =
  'account_number,first_name,last_name,dob,email,type,operation_id,transaction_ts,transaction'.split(',');

// Names that are hard to carry: other alphabets, accents, blanks, and cells that CSV has to quote.
const firstNames = [
  ...'Janet Raymond Stephen Nicholas Scott Jamie Michael Bradley Amara Chidi Fatima Hiroshi Ines Kwame'.split(
    ' ',
  ),
  ...'Leila Mateus Nadia Priya Tomas Zoë Łukasz José Chloé Søren Þóra Олена Σοφία יעל 伟 芳'.split(' '),
  ...['Anne-Marie', "D'Arcy", 'María José', 'William "Bill"'],
];
const lastNames = [
  ...'Shields Brown Boyd Gardner Young Russell Mckee Abebe Cohen Ferrari Haddad Ivanova Kim Nowak'.split(' '),
  ...'Okafor Patel Rossi Sato Singh Müller Yılmaz Đặng Søndergård Łukaszewicz Шевченко Παπάς 李 王'.split(
    ' ',
  ),
  ...["O'Brien", "N'Diaye", 'García Márquez', 'van der Berg', 'Davis, Jr.', 'King, "MD"'],
];
const mailDomains = ['example.com', 'example.org', 'example.net'];

/** What can be wrong with a row of which an import must quarantine nothing but this row. */
const spoilers = [
  change('transaction', () => '12,5'),
  change('transaction', () => 'abc'),
  change('transaction', () => '12.345'),
  change('transaction_ts', () => '2021-13-01 00:00:00'),
  change('operation_id', () => 'not-a-uuid'),
  change('email', (email) => email.replace('@', ' at ')),
  change('account_number', (number) => `${number.slice(0, 12)}ABCD`),
  (cells) => cells.slice(0, -1),
  (cells) => [...cells, 'extra'],
];

/**
 * A transactions file as an iterable of texts of about 64 KiB; the same each time that it is read. What the options mean and
 * may be is written in generate-transactions.d.mts.
 * @throws RangeError, one sentence, for an option that cannot be
 */
export function generateTransactions(options) {
  const plan = checkOptions(options);
  let answers = null;
  return {
    *[Symbol.iterator]() {
      const describeAccount = makeAccountDescriber(plan.seed);
      const tally = makeTally(plan, describeAccount);
      const writeRow = makeRowWriter(plan, describeAccount, tally);
      let piece = columns.map((name) => writeCell(name, plan.quoted)).join(',') + plan.lineEnd;
      for (let place = 0; place < plan.rows; place++) {
        piece += writeRow(place);
        if (piece.length < PIECE_CHARS) continue;
        yield piece;
        piece = '';
      }
      if (piece !== '') yield piece;
      answers = tally.read();
    },
    answers() {
      if (!answers) throw new Error('The answers are known when the last piece has been read.');
      return answers;
    },
  };
}

/** @returns for a place in the file its row, with the line end; the row is counted */
function makeRowWriter(plan, describeAccount, tally) {
  const { operations, rows, order, quoted, lineEnd } = plan;
  const random = makeRandom();
  const key = makeKey(plan, random);
  const placeOf = makePermutation(rows, random.from(key, 1, 0));
  const timeOf = makePermutation(rows, random.from(key, 2, 0));
  const writeId = makeIdWriter(key);
  const writeTime = makeTimeWriter(plan);
  const badBelow = plan.bad * 2 ** 32;
  const quote = quoted ? '"' : '';
  const comma = `${quote},${quote}`;
  const beginnings = [];
  const begin = (account) =>
    (beginnings[account] = [...describeAccount(account).map((text) => writeCell(text, quoted)), quote].join(
      ',',
    ));

  return function writeRow(place) {
    const row =
      order === 'shuffled' ? placeOf.forward(place) : order === 'time' ? timeOf.backward(place) : place;
    const rank = order === 'time' ? place : timeOf.forward(row);
    const account = Math.floor(row / operations);
    random.from(key, account, row % operations);
    const id = writeId(row, random);
    const time = writeTime(rank, random.next());
    const minor = chooseAmount(random.next(), random.next());
    const amount = writeAmount(minor);
    if (random.next() < badBelow) {
      tally.addBad();
      const spoil = spoilers[random.next() % spoilers.length];
      const cells = spoil([...describeAccount(account), id, time, amount]);
      return cells.map((text) => writeCell(text, quoted)).join(',') + lineEnd;
    }
    tally.addGood(account, minor);
    return (beginnings[account] ?? begin(account)) + id + comma + time + comma + amount + quote + lineEnd;
  };
}

/**
 * Files of another size or range have other operations, so each can be imported after the other and posts all its rows.
 * Order, bad rows, quotes and line ends are left out: such files hold the same operations. Accounts depend on the seed alone.
 */
function makeKey({ seed, accounts, operations, firstDay, lastDay }, random) {
  const ofSize = random.from(seed, accounts, operations).next();
  return random.from(ofSize, firstDay, lastDay).next();
}

/** @returns for the index of an account its number and holder: the first six cells */
function makeAccountDescriber(seed) {
  const random = makeRandom();
  const choose = (list) => list[random.next() % list.length];
  const mailOf = (account) => {
    random.from(seed, account, 1);
    const letters = `${choose(firstNames)}${choose(lastNames)}`.normalize('NFD').replace(/[^A-Za-z]/g, '');
    return `${letters.toLowerCase() || 'holder'}${account + 1}@${choose(mailDomains)}`;
  };
  return (account) => {
    // Every tenth account is reached at the address of the one before it.
    const email = mailOf(account % 10 === 9 ? account - 1 : account);
    random.from(seed, account, 1);
    const [first, last] = [choose(firstNames), choose(lastNames)];
    const born = writeDay(BORN_FIRST_DAY + (random.next() % BORN_DAYS));
    const type = random.next() % 2 === 0 ? 'credit' : 'debit';
    return [makeAccountNumber(seed, account, random.next() % 10), first, last, born, email, type];
  };
}

const BORN_FIRST_DAY = Date.UTC(1940, 0, 1) / 1000 / SECONDS_PER_DAY;
const BORN_DAYS = 65 * 365;

/**
 * 16 digits with the check digit of cards (Luhn). Distinct, because mixing has an inverse. 9999 is the beginning of no card
 * that we know of, so that nobody's number gets into a file.
 */
function makeAccountNumber(seed, account, digit) {
  const payload = `9999${String(mix(account ^ mix(seed))).padStart(10, '0')}${digit}`;
  let sum = 0;
  for (let at = 0; at < payload.length; at++) {
    const doubled = Number(payload[at]) * (at % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${payload}${(10 - (sum % 10)) % 10}`;
}

/** A UUID of version 4. The first 32 bits are the mixed row number: two rows of a file never have the same. */
function makeIdWriter(key) {
  const hex = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));
  return (row, random) => {
    const a = mix(row ^ key);
    const b = random.next();
    const c = random.next();
    const d = random.next();
    const version = hex[0x4000 | (b & 0x0fff)];
    const variant = hex[0x8000 | (c & 0x3fff)];
    return `${hex[a >>> 16]}${hex[a & 0xffff]}-${hex[b >>> 16]}-${version}-${variant}-${hex[c >>> 16]}${hex[d >>> 16]}${hex[d & 0xffff]}`;
  };
}

/** Each rank has its own part of the range, so that ranks are in the order of time; within it the moment is random. */
function makeTimeWriter({ rows, firstDay, lastDay }) {
  const seconds = (lastDay - firstDay + 1) * SECONDS_PER_DAY;
  const days = [];
  return (rank, word) => {
    const start = Math.floor((rank * seconds) / rows);
    const width = Math.floor(((rank + 1) * seconds) / rows) - start;
    const at = width > 1 ? start + (word % width) : start;
    const day = Math.floor(at / SECONDS_PER_DAY);
    const second = at % SECONDS_PER_DAY;
    const date = (days[day] ??= writeDay(firstDay + day));
    return `${date} ${twoDigits[Math.floor(second / 3600)]}:${twoDigits[Math.floor(second / 60) % 60]}:${twoDigits[second % 60]}`;
  };
}

/** Minor units. One amount in eight has no decimals, one in eight at most one. */
function chooseAmount(word, kind) {
  const size = 1 + (word % AMOUNT_MINOR_MAX);
  const step = kind >>> 29 === 0 ? 100 : kind >>> 29 === 1 ? 10 : 1;
  const rounded = Math.max(step, size - (size % step));
  return kind % 2 === 0 ? rounded : -rounded;
}

/** With as many decimals as it needs, 0 to 2: `-500`, `3444.5`, `0.07`. */
function writeAmount(minor) {
  const size = Math.abs(minor);
  const cents = size % 100;
  const whole = `${minor < 0 ? '-' : ''}${(size - cents) / 100}`;
  if (cents === 0) return whole;
  return cents % 10 === 0 ? `${whole}.${cents / 10}` : `${whole}.${twoDigits[cents]}`;
}

function writeCell(text, quoted) {
  return quoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));

/** Counts the rows and adds up the good ones; the sums of each account only where they are asked for. */
function makeTally({ accounts, rows, figures }, describeAccount) {
  const counts = new Uint32Array(accounts);
  const [credits, debits] = figures ? [new BigInt64Array(accounts), new BigInt64Array(accounts)] : [];
  let badRows = 0;
  let netMinor = 0n;
  return {
    addBad() {
      badRows += 1;
    },
    addGood(account, minor) {
      const exact = BigInt(minor);
      netMinor += exact;
      counts[account] += 1;
      if (!figures) return;
      const sums = minor < 0 ? debits : credits;
      sums[account] += exact;
    },
    read() {
      const byNumber = figures ? new Map() : null;
      let accountCount = 0;
      counts.forEach((count, account) => {
        if (count === 0) return;
        accountCount += 1;
        const [number] = figures ? describeAccount(account) : [];
        byNumber?.set(number, { count, creditsMinor: credits[account], debitsMinor: debits[account] });
      });
      const answers = { rows, goodRows: rows - badRows, badRows, accountCount, netMinor };
      return { ...answers, net: writeMinor(netMinor), accounts: byNumber };
    },
  };
}

/** Minor units with two decimals, as a receipt has them: `-0.05`. */
function writeMinor(minor) {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function change(column, spoil) {
  const at = columns.indexOf(column);
  return (cells) => cells.with(at, spoil(cells[at]));
}
