/** Who an account is, as far as anybody but the key's owner may know. */
export interface AccountIdentity {
  /** Hexadecimal. */
  numberHash: string;
  /** The last four characters. */
  last4: string;
}

/** What an account may be called, for a sentence. */
export const ACCOUNT_FORMS =
  'a number of 12 to 19 digits, an IBAN with right check digits, or a name of up to 34 letters, digits, blanks and ._/-';

/** ISO 13616: country, two check digits, up to 30 letters and digits. */
const iban = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/** What a bank calls an account where it shows neither number nor IBAN: its last four digits, say, or a name. As it is written. */
const code = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,33}$/u;

/**
 * The account that a text names: a number of 12 to 19 digits (the same account as in a transactions file) or an IBAN, whose
 * blanks and hyphens are left out; or what this format's bank calls it.
 * @returns null when it is none of them
 */
export function identifyAccount(
  text: string,
  formatName: string,
  hashNumber: (number: string) => string,
): AccountIdentity | null {
  const number = withoutBlanks(text);
  if (isAccountNumber(text)) {
    const isRight = /^\d/.test(number) || hasRightCheckDigits(number);
    return isRight ? { numberHash: hashNumber(number), last4: number.slice(-4) } : null;
  }
  // A code is one account at one bank only.
  const name = text.trim();
  return code.test(name) ? { numberHash: hashNumber(`${formatName}:${name}`), last4: name.slice(-4) } : null;
}

/** Whether a text is a whole account number or looks like an IBAN: then it must not be seen. */
export function isAccountNumber(text: string): boolean {
  const number = withoutBlanks(text);
  return /^\d{12,19}$/.test(number) || iban.test(number);
}

function withoutBlanks(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
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
