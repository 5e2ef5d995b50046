// The file of a rating agency: rows, and what the report must say of them.
import { makePieces } from './generate-pieces.mjs';
import { makePermutation, makeRandom } from './generate-random.mjs';

const header = 'customer_number,customer_rating,customer_rating_limit,customer_status\r\n';

/** Some of them are written as they should not be, and still are what they are. */
const statuses = ['high-value', 'High-Value ', 'normal', 'normal', 'watch', 'new'];

/** The ways in which a row is bad, each with the number and status of a good one. */
const badRows = [
  (number) => `z${number},50,100,normal`,
  (number) => `${String(number).slice(0, 5)}b88202,50,100,normal`,
  (number) => `${number},2147483648,100,normal`,
  (number) => `${number},50`,
  (number) => `${number},50,100,a-status-of-26-characters!`,
  (number) => `${number},,100,normal`,
];

/**
 * @param options.agency a letter
 * @param options.rows how many, good and bad
 * @param options.bad the share of bad ones, 0 to 1
 * @returns pieces of text; when all are taken, `answers()` says what the report must show of the agency
 */
export function generateRatings({ agency, rows, bad = 0, seed = 1 }) {
  const answers = { count: 0, sum: 0, highValue: 0, invalid: 0 };
  const random = makeRandom().from(seed, agency.charCodeAt(0), rows);
  // Customers come in no order, and are known to several agencies.
  const permutation = makePermutation(rows, makeRandom().from(seed, agency.charCodeAt(0), 0));
  const writeRow = (at) => {
    const number = 1_000_000 + permutation.forward(at);
    const [isBad, rating, limit, status] = [random.next(), random.next(), random.next(), random.next()];
    if (isBad < bad * 2 ** 32) {
      answers.invalid += 1;
      return `${badRows[rating % badRows.length](number)}\r\n`;
    }
    const name = statuses[status % statuses.length];
    answers.count += 1;
    answers.sum += rating % 101;
    if (name.trim().toLowerCase() === 'high-value') answers.highValue += 1;
    return `${number},${rating % 101},${limit % 1_000_000},${name}\r\n`;
  };
  return {
    ...makePieces(header, rows, writeRow),
    answers: () => ({ agency, rows, ...answers }),
  };
}

/** The name of an agency's file. */
export const ratingsFileName = (agency) => `Customer Rating Agency ${agency} Inc.csv`;

/** The report of files, as it must be. @param all the answers of each */
export function expectedReport(all) {
  const lines = all.map(({ agency, rows, count, sum, highValue, invalid }) => {
    const percent = rows === 0 ? '0.00' : writePercent(invalid, rows);
    return `Customer Rating Agency ${agency} Inc,${count},${sum},${highValue},${invalid},${percent}\r\n`;
  });
  return `customer,count_customer_number,sum_customer_rating,high_value_count,invalid_customer_number_count,invalid_customer_number_percent\r\n${lines.join('')}`;
}

/** Two decimals, half away from zero: in whole numbers, for a float may be a little off. */
function writePercent(part, all) {
  const hundredths = Math.floor((part * 20_000 + all) / (2 * all));
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}
