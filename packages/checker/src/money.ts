/** Cents as decimal text with a point: `-0.05`. Every file of a proof is in dollars. */
export function writeCents(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The mean, rounded half away from zero to a whole cent; null where there is nothing to take it of. */
export function writeAverage(sum: bigint, count: number): string | null {
  if (count === 0) return null;
  const size = sum < 0n ? -sum : sum;
  const by = BigInt(count);
  const whole = size / by + ((size % by) * 2n >= by ? 1n : 0n);
  return writeCents(sum < 0n ? -whole : whole);
}

/** As a page in American English shows it: `-$1,234.50`. */
export function writeDollars(cents: bigint): string {
  const plain = writeCents(cents < 0n ? -cents : cents);
  const whole = plain.slice(0, -3).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${cents < 0n ? '-' : ''}$${whole}${plain.slice(-3)}`;
}

/** Rows by the sign of their amounts. A row of zero is neither credit nor debit. */
export interface Sums {
  rows: number;
  creditCount: number;
  credits: bigint;
  debitCount: number;
  debits: bigint;
}

export function noSums(): Sums {
  return { rows: 0, creditCount: 0, credits: 0n, debitCount: 0, debits: 0n };
}

export function addAmount(sums: Sums, cents: bigint): void {
  sums.rows += 1;
  if (cents > 0n) {
    sums.creditCount += 1;
    sums.credits += cents;
  } else if (cents < 0n) {
    sums.debitCount += 1;
    sums.debits += cents;
  }
}

/** Adds to the sums of a key, which are made when they are met first. */
export function addTo<Key>(all: Map<Key, Sums>, key: Key, cents: bigint): void {
  let sums = all.get(key);
  if (!sums) all.set(key, (sums = noSums()));
  addAmount(sums, cents);
}
