// What the options of the generator may be.

/** Far above any bench; and it keeps row numbers within the 32 bits of JavaScript's integer operations. */
const ROWS_MAX = 1_000_000_000;

/** Each account costs about 200 bytes of memory. */
const ACCOUNTS_MAX = 1_000_000;

export const SECONDS_PER_DAY = 86_400;

/**
 * @returns the options with their defaults, days as numbers
 * @throws RangeError, one sentence, for an option that cannot be
 */
export function checkOptions(options) {
  const { accounts, operations, seed = 1, bad = 0, order = 'shuffled', eol = 'crlf' } = options;
  const { from = '2021-01-01', to = '2022-12-31', quoted = false, figures = false } = options;
  checkWhole('accounts', accounts, 1, ACCOUNTS_MAX);
  checkWhole('operations', operations, 1, ROWS_MAX);
  checkWhole('seed', seed, 0, 2 ** 32 - 1);
  const rows = accounts * operations;
  if (rows > ROWS_MAX) {
    throw new RangeError(
      `accounts times operations must be at most ${grouped(ROWS_MAX)}, not ${grouped(rows)}.`,
    );
  }
  if (!(bad >= 0 && bad <= 1)) {
    throw new RangeError(`bad must be a share of the rows from 0 to 1, such as 0.01, not ${bad}.`);
  }
  checkChoice('order', order, ['shuffled', 'account', 'time']);
  checkChoice('eol', eol, ['crlf', 'lf']);
  const [firstDay, lastDay] = [readDay('from', from), readDay('to', to)];
  if (firstDay > lastDay) throw new RangeError(`from (${from}) must not be after to (${to}).`);
  const lineEnd = eol === 'crlf' ? '\r\n' : '\n';
  return { accounts, operations, rows, seed, bad, order, firstDay, lastDay, quoted, lineEnd, figures };
}

function checkWhole(name, value, min, max) {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${grouped(max)}, not ${value}.`);
}

function checkChoice(name, value, choices) {
  if (choices.includes(value)) return;
  throw new RangeError(`${name} must be ${choices.join(' or ')}, not ${value}.`);
}

/** @returns the days from 1970-01-01 */
function readDay(name, text) {
  const day = Date.parse(`${text}T00:00:00Z`) / 1000 / SECONDS_PER_DAY;
  if (/^(19|2\d)\d\d-\d\d-\d\d$/.test(text) && Number.isInteger(day) && writeDay(day) === text) return day;
  throw new RangeError(
    `${name} must be a day from 1900-01-01 to 2999-12-31, such as 2021-01-31, not ${text}.`,
  );
}

/** @param day days from 1970-01-01 */
export function writeDay(day) {
  return new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
}

function grouped(number) {
  return number.toLocaleString('en-US');
}
