/** Who an account is, as far as anybody but the key's owner may know. */
export interface AccountIdentity {
  /** Hexadecimal. */
  numberHash: string;
  /** The last four characters. */
  last4: string;
}

/** ISO 13616: country, two check digits, up to 30 letters and digits. */
const iban = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/** What a bank calls an account where it shows neither number nor IBAN: the last four digits, or a name of one word. */
const code = /^[A-Z0-9]{2,34}$/;

/**
 * The account that a text names: a number of 12 to 19 digits (the same account as in a transactions file), an IBAN, or
 * what this format's bank calls it. Blanks and hyphens are left out.
 * @returns null when it is none of them
 */
export function identifyAccount(
  text: string,
  formatName: string,
  hashNumber: (number: string) => string,
): AccountIdentity | null {
  const number = text.replace(/[\s-]/g, '').toUpperCase();
  const last4 = number.slice(-4);
  if (/^\d{12,19}$/.test(number)) return { numberHash: hashNumber(number), last4 };
  if (iban.test(number))
    return hasRightCheckDigits(number) ? { numberHash: hashNumber(number), last4 } : null;
  // A short code is one account at one bank only.
  return code.test(number) ? { numberHash: hashNumber(`${formatName}:${number}`), last4 } : null;
}

/** ISO 7064, mod 97-10. */
function hasRightCheckDigits(number: string): boolean {
  let rest = 0;
  for (const character of number.slice(4) + number.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
