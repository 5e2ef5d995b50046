/**
 * The two files of a trade reconciliation, and what the reconciliation of them must say.
 *
 * Slots have numbers, and all that either file says of a slot follows from the options and its number: no row is ever held,
 * and each file knows what the other says. A slot of the customer's file is a trade that is held, or a row that is not posted.
 * The repository holds most of those that are eligible, knows some otherwise, and has some of its own.
 */
import { makePieces } from './generate-pieces.mjs';
import { makePermutation, makeRandom } from './generate-random.mjs';
import { compared, makeTally, rules } from './generate-trades-tally.mjs';

const header = {
  customer: 'transaction_id,timestamp,amount,currency,instrument_type,region,trade_type,status\r\n',
  repository: 'reported_id,timestamp,amount,currency,instrument_type,region,trade_type,reported_status\r\n',
};
const currencies = ['USD', 'EUR', 'JPY', 'GBP'];
const instruments = ['IRS', 'FX', 'CDS', 'Swap, basis', 'Option "A"'];

/** Amounts beside 1,000,000, with whether they are above it. */
const borders = [
  ['999999.99', false],
  ['1000000', false],
  ['1000000.00', false],
  ['1000000.01', true],
  ['1000000.0000000001', true],
];

/** How a row of a good trade is spoilt: its cells, in the order of the header. */
const spoilers = [
  (cells) => cells.with(AMOUNT, '12,5'),
  (cells) => cells.with(AMOUNT, '1e7'),
  (cells) => cells.with(AMOUNT, 'z1111753583'),
  (cells) => cells.with(AMOUNT, '9'.repeat(31)),
  (cells) => cells.with(AMOUNT, ''),
  (cells) => cells.with(TIME, '2025-02-30T10:00:00Z'),
  (cells) => cells.with(TIME, '01/04/2025'),
  (cells) => cells.with(ID, ''),
  (cells) => cells.with(ID, `TX${'0'.repeat(99)}`),
  (cells) => cells.with(CURRENCY, 'US'),
  (cells) => cells.with(CURRENCY, 'DOLLAR'),
  (cells) => cells.with(INSTRUMENT, ''),
  (cells) => cells.with(REGION, 'E'.repeat(51)),
  (cells) => cells.slice(0, 4),
  (cells) => [...cells, 'extra'],
];
const [ID, TIME, AMOUNT, CURRENCY, INSTRUMENT, REGION] = [0, 1, 2, 3, 4, 5];

const SECONDS_PER_YEAR = 31_536_000;
const YEAR_STARTS_MS = Date.UTC(2025, 0, 1);

/**
 * @param options.rows of the customer's file, good and bad; the repository's has fewer
 * @param options.bad the share of rows of each file that are wrong, repeat another or contradict it, 0 to 1
 * @returns the texts of both files in pieces; when all are taken, `answers()` says what the reconciliation must
 */
export function generateTrades({ rows, bad = 0, seed = 1 }) {
  const book = makeBook({ rows, bad, seed });
  const tally = makeTally();
  return {
    customer: makePieces(header.customer, rows, (slot) => {
      tally.addCustomer(slot, book);
      return book.writeCustomerRow(slot);
    }),
    repository: makePieces(header.repository, rows, (place) => {
      const slot = book.slotAt(place);
      tally.addRepository(slot, book);
      return book.writeRepositoryRow(slot);
    }),
    answers: tally.read,
  };
}

/** The names of the two files. */
export const tradesFileNames = { customer: 'customer_transactions.csv', repository: 'gtr_report.csv' };

/**
 * What stands in each slot of each file: `held`, `invalid`, `repeat` or `conflict` (of the slot before, which comes earlier in
 * the file), and of the repository `own` (an id that the customer has not) and `absent`.
 */
function makeBook({ rows, bad, seed }) {
  const random = makeRandom();
  // Files of another size or seed have other ids: each can be imported beside the others.
  const key = random.from(seed, rows, 0).next();
  const prefix = `TX${key.toString(16).toUpperCase().padStart(8, '0')}-`;
  const draw = (slot, stream) => random.from(key, slot, stream);
  const describe = rememberLast((slot) => describeTrade(`${prefix}${slot + 1}`, draw(slot, streams.trade)));
  const badKind = (slot, stream, kindBefore) => {
    draw(slot, stream);
    if (random.next() >= bad * 2 ** 32) return 'held';
    const kind = ['invalid', 'repeat', 'conflict'][random.next() % 3];
    return slot % 2 === 1 && kindBefore(slot - 1) === 'held' ? kind : 'invalid';
  };
  const customerKind = rememberLast((slot) => badKind(slot, streams.customer, customerKind));
  const repositoryKind = rememberLast((slot) => {
    const isEligible = describe(slot).excludedBy.length === 0;
    const presence = draw(slot, streams.presence).next() % 1_000;
    // Of what is not to be reported some is, all the same; of what is, some is forgotten.
    if (isEligible ? presence < 20 : presence < 950) return 'absent';
    const kind = badKind(slot, streams.repository, repositoryKind);
    return kind === 'held' && presence >= 980 ? 'own' : kind;
  });
  /** Which of the compared fields the repository knows otherwise: each combination occurs, one field most often. */
  const differing = (slot) => {
    const chance = draw(slot, streams.differences).next() % 1_000;
    const fields = chance < 33 ? 1 << (chance % 3) : chance < 40 ? 1 + (chance % 7) : 0;
    return compared.filter((_, at) => fields & (1 << at));
  };
  const write = (cells, kind, slot, stream) => writeRow(cells, kind, draw(slot, stream).next());
  return {
    customerKind,
    repositoryKind,
    describe,
    differing,
    writeCustomerRow(slot) {
      const kind = customerKind(slot);
      return write(customerCells(describe(slotOf(slot, kind))), kind, slot, streams.customerText);
    },
    writeRepositoryRow(slot) {
      const kind = repositoryKind(slot);
      if (kind === 'absent') return '';
      const of = slotOf(slot, kind);
      const cells = repositoryCells(describe(of), differing(of));
      const own = kind === 'own' ? cells.with(ID, cells[ID].replace('TX', 'GTR')) : cells;
      return write(own, kind, slot, streams.repositoryText);
    },
    slotAt: makePlaces(rows, random.from(key, 0, streams.places)),
  };
}

/** A slot is asked about several times in a row. */
function rememberLast(find) {
  let last = -1;
  let found;
  return (slot) => {
    if (slot === last) return found;
    const here = find(slot);
    [last, found] = [slot, here];
    return here;
  };
}

/** Each draws for itself, so that what one finds does not depend on the others. */
const streams = {
  trade: 1,
  customer: 2,
  repository: 3,
  presence: 4,
  differences: 5,
  customerText: 6,
  repositoryText: 7,
  places: 8,
};

/** The slot that a row of another one repeats. */
const slotOf = (slot, kind) => (kind === 'repeat' || kind === 'conflict' ? slot - 1 : slot);

/** The repository's file has an order of its own; only the two slots of a pair keep theirs. */
function makePlaces(rows, random) {
  const pairs = Math.floor(rows / 2);
  const permutation = makePermutation(pairs, random);
  return (place) => (place >>> 1 < pairs ? permutation.forward(place >>> 1) * 2 + (place & 1) : place);
}

/** A trade as the customer knows it. Texts that rules look at are not always written as they should be. */
function describeTrade(id, random) {
  const choose = (list) => list[random.next() % list.length];
  const often = (usual, others) => (random.next() % 20 === 0 ? choose(others) : usual);
  const [border, isAboveBorder] = choose(borders);
  const size = random.next() % 100;
  const whole = random.next() % 4_000_000_000;
  const small = whole % 1_000_000;
  const cents = ['', '', '.5', '.07', '.99'][random.next() % 5];
  const [amount, isAbove] =
    size < 2
      ? [border, isAboveBorder]
      : size < 6
        ? [`${small}${cents}`, false]
        : [`${whole + 1_000_001}${cents}`, true];
  const tradeType = often(choose(['New', 'Amend']), ['Cancel', 'NEW', ' Amend', 'New ']);
  const status = often('Settled', ['Pending', 'settled', ' Settled ', 'Failed']);
  const region = often(choose(['EU', 'APAC']), ['US', 'eu', 'Apac ', 'LATAM']);
  const excluded = {
    amount: !isAbove,
    trade_type: tradeType === 'Cancel',
    status: status === 'Pending' || status === 'Failed',
    region: region === 'US' || region === 'LATAM',
  };
  return {
    id,
    seconds: random.next() % SECONDS_PER_YEAR,
    amount,
    currency: random.next() % currencies.length,
    instrument: random.next() % instruments.length,
    region,
    tradeType,
    status,
    excludedBy: rules.filter((rule) => excluded[rule]),
  };
}

function customerCells({ id, seconds, amount, currency, instrument, region, tradeType, status }) {
  const time = writeTime(seconds);
  return [id, time, amount, currencies[currency], instruments[instrument], region, tradeType, status];
}

/** What is not compared may differ: here the time, and the status. What is compared may be written in another way. */
function repositoryCells(trade, differing) {
  const { id, seconds, amount, currency, instrument, region, tradeType } = trade;
  const other = (list, at, field) => {
    const text = list[(at + (differing.includes(field) ? 1 : 0)) % list.length];
    return seconds % 16 === 0 ? ` ${text.toLowerCase()} ` : text;
  };
  return [
    id,
    writeTime(seconds + 60),
    differing.includes('amount') ? `${amount}${amount.includes('.') ? '1' : '.01'}` : amount,
    other(currencies, currency, 'currency'),
    other(instruments, instrument, 'instrument_type'),
    region,
    tradeType,
    'Accepted',
  ];
}

function writeTime(seconds) {
  return `${new Date(YEAR_STARTS_MS + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** The row of a slot. The same content may be written in two ways: amounts of other scale, times of other form. */
function writeRow(cells, kind, word) {
  let written = [...cells];
  if (word & 1) written[AMOUNT] += cells[AMOUNT].includes('.') ? '0' : '.00';
  if (word >>> 28 === 0) written[TIME] = cells[TIME].replace('Z', '+00:00');
  if (kind === 'conflict') written[REGION] = 'MENA';
  if (kind === 'invalid') written = spoilers[(word >>> 2) % spoilers.length](written);
  return `${written.map(writeCell).join(',')}\r\n`;
}

function writeCell(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
